"""Exchanges two paths of one volume in one step, so that neither is missing for a moment."""
import ctypes
import errno
import os

AT_FDCWD = -100
RENAME_EXCHANGE = 2

libc = ctypes.CDLL(None, use_errno=True)


def exchange(one, other):
    if libc.renameat2(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) == 0:
        return
    error = ctypes.get_errno()
    if error not in (errno.EINVAL, errno.ENOSYS):
        raise OSError(error, os.strerror(error), other)
    exchange_in_steps(one, other)


def exchange_in_steps(one, other):
    """For a file system that cannot exchange (NFS): `other` is missing during one call. When that call fails, it is put back."""
    aside = one + ".before"
    os.rename(other, aside)
    try:
        os.rename(one, other)
    except OSError:
        os.rename(aside, other)
        raise
    os.rename(aside, one)
