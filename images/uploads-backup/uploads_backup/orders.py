"""What the Orchestrator may order, and what it is answered."""
import os
import re
import time

from . import sample
from .faults import Fault
from .repository import INCOMPLETE
from .restores import FOLDER

HOST = "wpfarm"  # restic compares a snapshot with the one before of the same host; a container's own name changes

SNAPSHOT = re.compile(r"[0-9a-f]{64}")
SITE = re.compile(r"[a-z]([a-z0-9-]{0,29}[a-z0-9])?")
AT_MOST = 200  # files of a sample


class Orders:
    def __init__(self, repository, restores, turn, uploads):
        self.repository = repository
        self.restores = restores
        self.turn = turn
        self.uploads = uploads
        self._by_line = {
            "POST /snapshots": self.snapshot,
            "POST /forget": self.forget,
            "POST /check": self.check,
            "POST /restore": self.restore,
            "DELETE /restore": self.remove,
            "GET /sample": self.sample,
            # These disturb nothing, and are answered at any time.
            "GET /snapshots": self.snapshots,
            "GET /restores": self.list_restores,
            "GET /progress": self.progress,
        }
        self._at_any_time = {"GET /snapshots", "GET /restores", "GET /progress"}

    def carry_out(self, order, arguments):
        if (do := self._by_line.get(order.name)) is None:
            raise Fault("notFound", f"{order.name}: there is no such order.")
        if order.name in self._at_any_time:
            return do(order, arguments)
        with self.turn.take(order):
            began = time.monotonic()
            return {**do(order, arguments), "seconds": round(time.monotonic() - began, 1)}

    def snapshot(self, order, arguments):
        try:
            return self._snapshot(order) | {"initialized": False}
        except Fault as fault:
            if fault.kind != "noRepository":
                raise
        self.repository.initialize(order)
        return self._snapshot(order) | {"initialized": True}

    def _snapshot(self, order):
        summary = {}

        def said(message):
            order.progress = message
            if message.get("message_type") == "summary":
                summary.update(message)

        limit = self.repository.configuration.uploadLimit
        complaints = self.repository.run(
            order, "backup", "--host", HOST, "--exclude", os.path.join(self.uploads, FOLDER), *(["--limit-upload", str(limit)] if limit else []), self.uploads,
            said=said, good=(0, INCOMPLETE))
        unread = [complaint["item"] for complaint in complaints if isinstance(complaint, dict) and complaint.get("message_type") == "error"]
        return {
            "id": summary["snapshot_id"],
            "files": summary["total_files_processed"],
            "filesNew": summary["files_new"],
            "filesChanged": summary["files_changed"],
            "bytes": summary["total_bytes_processed"],
            "bytesAdded": summary["data_added"],
            "bytesStored": summary["data_added_packed"],
            # A file that was removed meanwhile cannot be read either, and is not missed.
            "unread": [os.path.relpath(item, self.uploads) for item in unread if os.path.lexists(item)],
        }

    def snapshots(self, order, arguments):
        listed = self.repository.messages(order, "snapshots", "--no-lock", "--host", HOST)
        return {"snapshots": [
            {"id": one["id"], "time": one["time"], "files": counted.get("total_files_processed"), "bytes": counted.get("total_bytes_processed"), "bytesAdded": counted.get("data_added")}
            for message in listed if isinstance(message, list) for one in message for counted in [one.get("summary", {})]
        ]}

    def forget(self, order, arguments):
        """Of ids that are there no more nothing is said: an order that was broken off can be given again."""
        ids = required(arguments, "ids", lambda text: all(map(SNAPSHOT.fullmatch, text.split(","))), "ids of snapshots with commas between").split(",")
        there = {one["id"] for one in self.snapshots(order, {})["snapshots"]}
        if there and there <= set(ids):
            raise Fault("invalid", "ids: these are all snapshots that there are; one must stay.")
        if found := sorted(there & set(ids)):
            self.repository.run(order, "forget", *found)
        self.repository.run(order, "prune")
        return {"forgotten": len(found), "left": len(there) - len(found)}

    def check(self, order, arguments):
        percent = required(arguments, "percent", re.compile(r"\d{1,2}(\.\d+)?|100").fullmatch, "0 to 100: how much of the data is read as well")
        read = ["--read-data-subset", f"{percent}%"] if float(percent) > 0 else []
        summary = {}
        complaints = self.repository.run(order, "check", *read, said=summary.update, good=(0, 1))
        end = [complaint["message"] for complaint in complaints if isinstance(complaint, dict) and complaint.get("message_type") == "exit_error"]
        # With the same code it ends when the store is damaged, which is an answer, and when it could not look.
        if end and "repository contains errors" not in end[-1]:
            raise self.repository.fault(1, complaints)
        problems = [complaint if isinstance(complaint, str) else complaint.get("error", complaint).get("message", "") for complaint in complaints]
        return {"errors": summary["num_errors"], "problems": problems[:20]}

    def restore(self, order, arguments):
        snapshot = required(arguments, "snapshot", SNAPSHOT.fullmatch, "the id of a snapshot")
        target = required(arguments, "target", {"in-place", "beside"}.__contains__, "in-place or beside")
        site, path = arguments.get("site", ""), arguments.get("path", "")
        if site and not SITE.fullmatch(site):
            raise Fault("invalid", f"site: '{site}' is not the id of a site.")
        if path and (not site or not is_relative(path)):
            raise Fault("invalid", f"path: '{path}' is not a path within a site's uploads, such as 2026/11/photo.jpg, with the site beside it.")
        return self.restores.restore(order, snapshot, os.path.join(site, path) if path else site, target == "in-place")

    def remove(self, order, arguments):
        self.restores.remove(arguments.get("id", ""))
        return {}

    def list_restores(self, order, arguments):
        return {"restores": self.restores.all()}

    def sample(self, order, arguments):
        snapshot = required(arguments, "snapshot", SNAPSHOT.fullmatch, "the id of a snapshot")
        count = required(arguments, "count", lambda text: text.isdecimal() and 0 < int(text) <= AT_MOST, f"1 to {AT_MOST} files")
        return sample.sample(order, self.repository, self.uploads, self.restores.folder, snapshot, int(count))

    def progress(self, order, arguments):
        if (running := self.turn.order) is None:
            return {"order": None}
        said = running.progress
        return {
            "order": running.name,
            "seconds": round(time.time() - running.began, 1),
            "percent": round(100 * said.get("percent_done", 0), 1),
            "files": said.get("files_done", said.get("files_restored", 0)),
            "bytes": said.get("bytes_done", said.get("bytes_restored", 0)),
            "bytesTotal": said.get("total_bytes", 0),
        }


def required(arguments, name, is_good, what):
    value = arguments.get(name, "")
    if not is_good(value):
        raise Fault("invalid", f"{name}: '{value}' is not {what}.")
    return value


def is_relative(path):
    return "\0" not in path and all(part not in ("", ".", "..") for part in path.split("/"))
