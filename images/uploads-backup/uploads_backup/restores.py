"""Restores, never by halves: what is restored is made whole in a folder of its own on the same volume, then changes places with what is
there, which stays in that folder. No site has such a name, so the web server serves nothing of it, and no snapshot takes it in."""
import os
import re
import shutil
import time

from .exchange import exchange
from .faults import Fault

FOLDER = ".restores"
RESTORE = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")


class Restores:
    def __init__(self, repository, uploads):
        self.repository = repository
        self.uploads = uploads
        self.folder = os.path.join(uploads, FOLDER)

    def restore(self, order, snapshot, what, in_place):
        """`what`: SITE or SITE/PATH; empty: every site."""
        where = os.path.dirname(os.path.join(self.uploads, what))
        if os.path.realpath(where) != where:
            raise Fault("invalid", f"{what}: a symbolic link is in the way.")
        name, made = self._folder(snapshot)
        try:
            counted = self.extract(order, snapshot, what, made)
            os.sync()
        except BaseException:
            shutil.rmtree(made)
            raise
        if in_place:
            replaced = [self._put(entry, made) for entry in ([what] if what else os.listdir(made))]
            if not any(replaced):
                shutil.rmtree(made)
                name = None
        return {"id": name, **counted}

    def extract(self, order, snapshot, what, made):
        counted = {"files": 0, "bytes": 0}

        def said(message):
            order.progress = message
            if message.get("message_type") == "summary":
                counted.update(files=message.get("files_restored", 0), bytes=message.get("bytes_restored", 0))

        parent, name = os.path.split(what)
        source = os.path.join(self.uploads, parent).rstrip("/")
        only = ["--include", "/" + literal(name)] if name else []
        # --verify reads what was written, and compares it with the hashes that the snapshot has.
        self.repository.run(order, "restore", f"{snapshot}:{source}", "--target", os.path.join(made, parent), *only, "--verify", said=said)
        if not (os.path.lexists(os.path.join(made, what)) if what else os.listdir(made)):
            raise Fault("notFound", f"snapshot {snapshot[:8]} has no {what or 'site'}.")
        return counted

    def all(self):
        """Names of the restores whose folder is there: what was restored beside, and what was there before a restore in place."""
        return sorted(filter(RESTORE.fullmatch, os.listdir(self.folder))) if os.path.isdir(self.folder) else []

    def remove(self, name):
        if name not in self.all():
            raise Fault("notFound", f"{name}: there is no such restore.")
        shutil.rmtree(os.path.join(self.folder, name))

    def _folder(self, snapshot):
        name = time.strftime("%Y%m%dT%H%M%SZ-", time.gmtime()) + snapshot[:8]
        os.makedirs(self.folder, mode=0o700, exist_ok=True)
        try:
            os.mkdir(os.path.join(self.folder, name), mode=0o700)
        except FileExistsError:
            raise Fault("busy", f"{name} was made in this very second. Give the order again.") from None
        return name, os.path.join(self.folder, name)

    def _put(self, entry, made):
        """True when there was something, which is in `made` now."""
        target = os.path.join(self.uploads, entry)
        if os.path.lexists(target):
            exchange(os.path.join(made, entry), target)
            return True
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.rename(os.path.join(made, entry), target)
        return False


def literal(name):
    """A name as a pattern that matches nothing else."""
    return re.sub(r"([*?\[\]\\])", r"\\\1", name)
