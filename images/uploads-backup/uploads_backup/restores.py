"""Restores files in one step: restic restores them into a folder of its own on the same volume, then they are exchanged with the present
files, which stay in that folder. No site has such a name, so the web server does not serve the folder, and no snapshot contains it."""
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
        """`what` is SITE or SITE/PATH; empty means every site."""
        where = os.path.dirname(os.path.join(self.uploads, what))
        if os.path.realpath(where) != where:
            raise Fault("invalid", f"{what}: a folder of this path is a symbolic link. Name the real path.")
        name, folder = self._create_folder(snapshot)
        try:
            counted = self.extract(order, snapshot, what, folder)
            os.sync()
        except BaseException:
            shutil.rmtree(folder)
            raise
        if in_place:
            entries = [what] if what else os.listdir(folder)
            for entry in entries:
                self._give_to_site(entry, folder)
            replaced = [self._put_in_place(entry, folder) for entry in entries]
            if not any(replaced):
                shutil.rmtree(folder)
                name = None
        return {"id": name, **counted}

    def extract(self, order, snapshot, what, folder):
        counted = {"files": 0, "bytes": 0}

        def on_message(message):
            order.progress = message
            if message.get("message_type") == "summary":
                counted.update(files=message.get("files_restored", 0), bytes=message.get("bytes_restored", 0))

        parent, name = os.path.split(what)
        source = os.path.join(self.uploads, parent).rstrip("/")
        only = ["--include", "/" + literal(name)] if name else []
        # --verify reads the written files, and compares them with the hashes in the snapshot.
        options = ["--target", os.path.join(folder, parent), *only, "--verify"]
        self.repository.run(order, "restore", f"{snapshot}:{source}", *options, on_message=on_message)
        if not (os.path.lexists(os.path.join(folder, what)) if what else os.listdir(folder)):
            raise Fault("notFound", f"snapshot {snapshot[:8]} has no {what or 'site'}.")
        return counted

    def all(self):
        """The names of the folders of all restores: with files restored beside, or with files that a restore in place has replaced."""
        return sorted(filter(RESTORE.fullmatch, os.listdir(self.folder))) if os.path.isdir(self.folder) else []

    def remove(self, name):
        if name not in self.all():
            raise Fault("notFound", f"{name}: there is no such restore.")
        shutil.rmtree(os.path.join(self.folder, name))

    def _create_folder(self, snapshot):
        name = time.strftime("%Y%m%dT%H%M%SZ-", time.gmtime()) + snapshot[:8]
        os.makedirs(self.folder, mode=0o700, exist_ok=True)
        try:
            os.mkdir(os.path.join(self.folder, name), mode=0o700)
        except FileExistsError:
            raise Fault("busy", f"{name}: another restore of this snapshot began in the same second. Give the order again.") from None
        return name, os.path.join(self.folder, name)

    def _owner(self, entry):
        """The user and the group of the uploads of the site that this entry is of. None: the site has none now, so that the snapshot's
        are right: they tell whose the uploads are (images/wordpress/farm/Slots.php)."""
        try:
            present = os.lstat(os.path.join(self.uploads, entry.split("/")[0]))
        except FileNotFoundError:
            return None
        return present.st_uid, present.st_gid

    def _give_to_site(self, entry, folder):
        """The site may have got another user since the snapshot."""
        owner = self._owner(entry)
        if owner is None:
            return
        restored = os.path.join(folder, entry)
        os.lchown(restored, *owner)
        for parent, folders, files in os.walk(restored):
            for name in folders + files:
                os.lchown(os.path.join(parent, name), *owner)

    def _make_parents(self, entry):
        path = self.uploads
        for name in entry.split("/")[:-1]:
            path = os.path.join(path, name)
            if not os.path.lexists(path):
                owner = self._owner(entry)
                os.mkdir(path, mode=0o755)
                if owner is not None:
                    os.lchown(path, *owner)

    def _put_in_place(self, entry, folder):
        """True when it replaced something, which is then in `folder`."""
        target = os.path.join(self.uploads, entry)
        if os.path.lexists(target):
            exchange(os.path.join(folder, entry), target)
            return True
        self._make_parents(entry)
        os.rename(os.path.join(folder, entry), target)
        return False


def literal(name):
    """A pattern that matches only this name."""
    return re.sub(r"([*?\[\]\\])", r"\\\1", name)
