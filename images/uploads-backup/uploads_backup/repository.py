"""restic, and what its answers mean."""
import json
import os
import re
import socket
import subprocess
import tempfile

from . import settings, store
from .faults import Fault

PRIVATE = "/run/uploads-backup"  # in memory
CONNECTIONS = 3  # each with a pack of 16 MB in memory; restic's own five took 341 MB for 500 MB of pictures

# https://restic.readthedocs.io/en/v0.18.1/075_scripting.html#exit-codes
INCOMPLETE, NO_REPOSITORY, LOCKED, WRONG_PASSWORD = 3, 10, 11, 12

# What restic passes on of the store's answers, and of the volume's.
WORDS = [
    ("notFound", r"no matching ID found|failed to (find|load) snapshot.*(no such file|does not exist)|^path .*: not found", "the snapshot has no such thing: {0}"),
    ("volumeFull", r"no space left on device|disk quota exceeded", "the volume of the uploads has no room for what is restored: {0}"),
    ("storeFull", r"InsufficientStorage|QuotaExceeded|StorageFull|\b507\b", "the store is full: make room, or forget snapshots. {0}"),
    ("storeDenied", r"Access ?Denied|SignatureDoesNotMatch|InvalidAccessKeyId", "the store refuses the key; did it change meanwhile? {0}"),
    ("storeUnavailable", r"ServiceUnavailable|SlowDown|InternalError|\b50[0234]\b", "the store cannot just now: it is overloaded or starting, or its disk is full. {0}"),
    ("storeUnreachable", r"connection refused|no such host|timeout|no route to host|connection reset|EOF", "the store went away, and did not come back in time. {0}"),
]


class Repository:
    def __init__(self, configuration):
        self.configuration = configuration

    def run(self, order, *arguments, said=lambda message: None, good=(0,)):
        """Runs restic and gives each message that it prints to `said`. Returns what it complained of."""
        store.check(self.configuration)
        return self._locked_out_once(order, arguments, said, good)

    def initialize(self, order):
        """Makes the repository, and the bucket when there is none. restic refuses where there are keys or snapshots already."""
        self._locked_out_once(order, ["init"], lambda message: None, (0,))

    def _locked_out_once(self, order, arguments, said, good):
        code, complaints = self._run(order, arguments, said)
        if code == LOCKED and self._remove_dead_locks(order):
            code, complaints = self._run(order, arguments, said)
        if code not in good:
            raise self.fault(code, complaints)
        return complaints

    def messages(self, order, *arguments):
        """What restic prints, one message a line."""
        found = []
        self.run(order, *arguments, said=found.append)
        return found

    def _run(self, order, arguments, said):
        repository = self.configuration.repository
        few = ["-o", f"s3.connections={CONNECTIONS}"] if repository.startswith("s3:") else []
        command = ["nice", "-n", "10", "restic", "--json", "--no-cache", *few, "--repo", repository, *arguments]
        with tempfile.TemporaryFile() as errors:
            with order.start(command, env=self._environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors) as process:
                for line in process.stdout:
                    if (message := parse(line)) is not None:
                        said(message)
            order.ended()
            errors.seek(0)
            complaints = [parse(line) or line.decode(errors="replace").strip() for line in errors if line.strip()]
        return process.returncode, complaints

    def _environment(self):
        """Without secrets: those are in files in memory, which are written anew since they change."""
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
            # restic's garbage is large blocks, soon let go: half as much of it for a few percent of CPU.
            "GOGC": "50",
        }

    def _remove_dead_locks(self, order):
        """A killed restic leaves its lock. restic takes one for dead after half an hour, or at once when it is of this host and its
        process is gone; in a container that was started again another process has that number. But here is one restic at a time, and
        it asks: whatever is locked from this host is dead."""
        ids = self._read(order, "list", "locks", "--no-lock").split()
        locks = [json.loads(self._read(order, "cat", "lock", lock, "--no-lock")) for lock in ids]
        ours = all(lock["hostname"] == socket.gethostname() for lock in locks)
        self._read(order, "unlock", *(["--remove-all"] if ours else []))
        return True

    def _read(self, order, *arguments):
        command = ["restic", "--no-cache", "--quiet", "--repo", self.configuration.repository, *arguments]
        with order.start(command, env=self._environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            output, errors = process.communicate()
        order.ended()
        if process.returncode != 0:
            raise self.fault(process.returncode, errors.splitlines())
        return output

    def fault(self, code, complaints):
        where = self.configuration.repository
        why = reason(complaints)
        match code:
            case _ if code == NO_REPOSITORY:
                return Fault("noRepository", f"{where} has no repository yet: the first snapshot makes it.")
            case _ if code == LOCKED:
                return Fault("locked", f"{where} is used by a restic elsewhere; one that was killed is taken for dead after half an hour. {why}")
            case _ if code == WRONG_PASSWORD:
                return Fault("wrongKey", f"{where} was made with another backup-key. Put the key that it was made with back, or use another bucket.")
        for kind, pattern, words in WORDS:
            if re.search(pattern, why):
                return Fault(kind, words.format(why))
        return Fault("failed", f"restic ended with {code}: {why}")


def reason(complaints):
    messages = [complaint.get("message") if isinstance(complaint, dict) else complaint for complaint in complaints]
    found = [message for message in messages if message]
    return (found[-1] if found else "no reason given").removeprefix("Fatal: ").strip()


def parse(line):
    """None when it is none."""
    try:
        return json.loads(line)
    except ValueError:
        return None


def write(path, text):
    """Whole or not at all: another restic may be reading it."""
    with tempfile.NamedTemporaryFile("w", dir=os.path.dirname(path), delete=False) as file:
        file.write(text)
    os.replace(file.name, path)
