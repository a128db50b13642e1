"""Runs restic, and translates its errors."""
import json
import os
import re
import socket
import subprocess
import tempfile

from . import settings, store
from .faults import Fault

PRIVATE = "/run/uploads-backup"  # in memory
CONNECTIONS = 3  # each has a pack of 16 MB in memory; restic's default of five took 341 MB for 500 MB of pictures

# https://restic.readthedocs.io/en/v0.18.1/075_scripting.html#exit-codes
INCOMPLETE, NO_REPOSITORY, LOCKED, WRONG_PASSWORD = 3, 10, 11, 12

# Patterns for errors of the store and of the volume in restic's messages: kind of fault, pattern, message.
FAULTS = [
    (
        "notFound",
        r"no matching ID found|failed to (find|load) snapshot.*(no such file|does not exist)|^path .*: not found",
        "the snapshot, or the path in it, does not exist: {0}",
    ),
    (
        "volumeFull",
        r"no space left on device|disk quota exceeded",
        "the volume of the uploads has no room for the restored files. Make room, and give the order again: {0}",
    ),
    (
        "storeFull",
        r"InsufficientStorage|QuotaExceeded|StorageFull|\b507\b",
        "the object store is full. Make room, or forget snapshots: {0}",
    ),
    (
        "storeDenied",
        r"Access ?Denied|SignatureDoesNotMatch|InvalidAccessKeyId",
        "the object store refuses the key. Check whether it was changed: {0}",
    ),
    (
        "storeUnavailable",
        r"ServiceUnavailable|SlowDown|InternalError|\b50[0234]\b",
        "the object store is overloaded or starting, or its disk is full: {0}",
    ),
    (
        "storeUnreachable",
        r"connection refused|no such host|timeout|no route to host|connection reset|EOF",
        "the object store does not answer any more, and did not come back within restic's time limit: {0}",
    ),
]


class Repository:
    def __init__(self, configuration):
        self.configuration = configuration

    def run(self, order, *arguments, on_message=lambda message: None, ok_codes=(0,)):
        """Runs restic, and calls `on_message` with each message that it prints. Returns the lines of its error output."""
        store.check(self.configuration)
        return self._run_without_stale_locks(order, arguments, on_message, ok_codes)

    def initialize(self, order):
        """Creates the repository, and the bucket when there is none. restic refuses when there are keys or snapshots already."""
        self._run_without_stale_locks(order, ["init"], lambda message: None, (0,))

    def _run_without_stale_locks(self, order, arguments, on_message, ok_codes):
        code, errors = self._run(order, arguments, on_message)
        if code == LOCKED and self._remove_stale_locks(order):
            code, errors = self._run(order, arguments, on_message)
        if code not in ok_codes:
            raise self.fault(code, errors)
        return errors

    def messages(self, order, *arguments):
        """All messages that restic prints."""
        found = []
        self.run(order, *arguments, on_message=found.append)
        return found

    def _run(self, order, arguments, on_message):
        repository = self.configuration.repository
        connections = ["-o", f"s3.connections={CONNECTIONS}"] if repository.startswith("s3:") else []
        command = ["nice", "-n", "10", "restic", "--json", "--no-cache", *connections, "--repo", repository, *arguments]
        with tempfile.TemporaryFile() as output:
            with order.start(command, env=self._environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=output) as process:
                for line in process.stdout:
                    if (message := parse(line)) is not None:
                        on_message(message)
            order.ended()
            output.seek(0)
            errors = [parse(line) or line.decode(errors="replace").strip() for line in output if line.strip()]
        return process.returncode, errors

    def _environment(self):
        """Has no secrets: those are in files in memory, which are written for each run, because the secrets may have changed."""
        os.makedirs(PRIVATE, mode=0o700, exist_ok=True)
        password, credentials = os.path.join(PRIVATE, "password"), os.path.join(PRIVATE, "credentials")
        write(password, settings.repository_password())
        if self.configuration.repository.startswith("s3:"):
            key = settings.accepted(self.configuration.storeKey)[0]
            write(credentials, f"[default]\naws_access_key_id = {self.configuration.accessKey}\naws_secret_access_key = {key}\n")
        return {
            "PATH": os.environ["PATH"],
            "HOME": PRIVATE,
            "RESTIC_PASSWORD_FILE": password,
            "AWS_SHARED_CREDENTIALS_FILE": credentials,
            "AWS_DEFAULT_REGION": self.configuration.region,
            "RESTIC_PROGRESS_FPS": "1",
            # restic's garbage is large blocks. This value halves it, for a few percent of CPU time.
            "GOGC": "50",
        }

    def _remove_stale_locks(self, order):
        """A killed restic leaves its lock. restic ignores a lock after half an hour, or at once when it is of this host and its process has
        ended; but in a container that was started again, another process may have that number. Here only one restic runs at a time, so
        every lock of this host is stale."""
        ids = self._read(order, "list", "locks", "--no-lock").split()
        locks = [json.loads(self._read(order, "cat", "lock", lock, "--no-lock")) for lock in ids]
        ours = all(lock["hostname"] == socket.gethostname() for lock in locks)
        self._read(order, "unlock", *(["--remove-all"] if ours else []))
        return True

    def _read(self, order, *arguments):
        command = ["restic", "--no-cache", "--quiet", "--repo", self.configuration.repository, *arguments]
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        with order.start(command, env=self._environment(), text=True, **pipes) as process:
            output, errors = process.communicate()
        order.ended()
        if process.returncode != 0:
            raise self.fault(process.returncode, errors.splitlines())
        return output

    def fault(self, code, errors):
        where = self.configuration.repository
        why = reason(errors)
        if code == NO_REPOSITORY:
            return Fault("noRepository", f"{where} has no repository yet: the first snapshot creates it.")
        if code == LOCKED:
            advice = "Wait until it has ended; the lock of a killed restic expires after half an hour."
            return Fault("locked", f"{where} is locked by a restic elsewhere. {advice} {why}")
        if code == WRONG_PASSWORD:
            advice = "Put the former key back, or use another bucket."
            return Fault("wrongKey", f"{where} was created with another backup-key. {advice}")
        for kind, pattern, message in FAULTS:
            if re.search(pattern, why):
                return Fault(kind, message.format(why))
        return Fault("failed", f"restic ended with exit code {code}: {why}")


def reason(errors):
    messages = [error.get("message") if isinstance(error, dict) else error for error in errors]
    found = [message for message in messages if message]
    return (found[-1] if found else "no reason given").removeprefix("Fatal: ").strip()


def parse(line):
    """None when the line is not JSON."""
    try:
        return json.loads(line)
    except ValueError:
        return None


def write(path, text):
    """Replaces the file in one step, because another restic may be reading it."""
    with tempfile.NamedTemporaryFile("w", dir=os.path.dirname(path), delete=False) as file:
        file.write(text)
    os.replace(file.name, path)
