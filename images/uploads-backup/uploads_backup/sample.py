"""A drill: restores random files of a snapshot, and compares them with what they must be."""
import hashlib
import os
import random
import shutil
import tempfile
from datetime import datetime

from .restores import literal


def sample(order, repository, uploads, scratch, snapshot, count):
    """restic compares each file with the hashes in the snapshot. A file whose upload has not changed since is compared with that too."""
    picked = pick(repository, order, uploads, snapshot, count)
    os.makedirs(scratch, mode=0o700, exist_ok=True)
    folder = tempfile.mkdtemp(prefix="sample-", dir=scratch)
    try:
        if picked:
            only = [argument for node in picked for argument in ("--include", literal(node["path"]))]
            repository.run(order, "restore", snapshot, "--target", folder, *only, "--verify")
        return {"files": [compare(node, folder + node["path"], uploads) for node in picked]}
    finally:
        shutil.rmtree(folder)


def pick(repository, order, uploads, snapshot, count):
    """Reservoir sampling: each file has the same chance, and the names of the others are not kept."""
    kept, seen = [], 0

    def on_message(node):
        nonlocal seen
        if node.get("type") != "file" or not node["path"].startswith(uploads + "/"):
            return
        seen += 1
        if len(kept) < count:
            kept.append(node)
        elif (place := random.randrange(seen)) < count:
            kept[place] = node

    repository.run(order, "ls", "--no-lock", snapshot, on_message=on_message)
    return kept


def compare(node, restored, uploads):
    digest = sha256(restored)
    good = digest is not None and os.path.getsize(restored) == node["size"]
    upload = "gone"
    if (now := status(node["path"])) is not None:
        unchanged = now.st_size == node["size"] and now.st_mtime_ns == nanoseconds(node["mtime"])
        upload = "changed" if not unchanged else "equal" if sha256(node["path"]) == digest else "differs"
    return {"path": os.path.relpath(node["path"], uploads), "bytes": node["size"], "sha256": digest, "restored": good, "upload": upload}


def status(path):
    try:
        return os.lstat(path)
    except FileNotFoundError:
        return None


def sha256(path):
    """None when the file does not exist."""
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None


def nanoseconds(moment):
    """Parses 2026-11-25T17:10:00.483087666Z, which has more digits than datetime accepts."""
    second, _, rest = moment.partition(".")
    digits = rest.rstrip("Z") if rest.endswith("Z") else rest.split("+")[0].split("-")[0]
    zone = rest[len(digits):] if rest else ""
    whole = datetime.fromisoformat((second + zone if rest else moment).replace("Z", "+00:00"))
    return int(whole.timestamp()) * 10**9 + int((digits or "0").ljust(9, "0"))
