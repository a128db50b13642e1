"""The orders of the Orchestrator, and their answers."""
import os
import re
import time

from . import sample
from .faults import Fault
from .repository import INCOMPLETE
from .restores import FOLDER

HOST = "wpfarm"  # restic compares a snapshot with the last one of the same host; the name of a container changes

SNAPSHOT = re.compile(r"[0-9a-f]{64}")
SITE = re.compile(r"[a-z]([a-z0-9-]{0,29}[a-z0-9])?")
MAX_SAMPLE = 200  # files


class Orders:
    def __init__(self, repository, restores, lock, uploads):
        self.repository = repository
        self.restores = restores
        self.lock = lock
        self.uploads = uploads
        self._by_name = {
            "POST /snapshots": self.snapshot,
            "POST /forget": self.forget,
            "POST /check": self.check,
            "POST /restore": self.restore,
            "DELETE /restore": self.remove,
            "GET /sample": self.sample,
            "GET /snapshots": self.snapshots,
            "GET /restores": self.list_restores,
            "GET /progress": self.progress,
        }
        # These only read, and may run beside another order.
        self._needs_no_lock = {"GET /snapshots", "GET /restores", "GET /progress"}

    def carry_out(self, order, arguments):
        if (do := self._by_name.get(order.name)) is None:
            raise Fault("notFound", f"{order.name}: there is no such order.")
        if order.name in self._needs_no_lock:
            return do(order, arguments)
        with self.lock.held_by(order):
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

        def on_message(message):
            order.progress = message
            if message.get("message_type") == "summary":
                summary.update(message)

        limit = self.repository.configuration.uploadLimit
        options = ["--host", HOST, "--exclude", os.path.join(self.uploads, FOLDER), *(["--limit-upload", str(limit)] if limit else [])]
        errors = self.repository.run(order, "backup", *options, self.uploads, on_message=on_message, ok_codes=(0, INCOMPLETE))
        unread = [error["item"] for error in errors if isinstance(error, dict) and error.get("message_type") == "error"]
        return {
            "id": summary["snapshot_id"],
            "files": summary["total_files_processed"],
            "filesNew": summary["files_new"],
            "filesChanged": summary["files_changed"],
            "bytes": summary["total_bytes_processed"],
            "bytesAdded": summary["data_added"],
            "bytesStored": summary["data_added_packed"],
            # Without files that were deleted during the backup, which cannot be read either.
            "unread": [os.path.relpath(item, self.uploads) for item in unread if os.path.lexists(item)],
        }

    def snapshots(self, order, arguments):
        listed = self.repository.messages(order, "snapshots", "--no-lock", "--host", HOST)
        return {"snapshots": [
            {
                "id": snapshot["id"],
                "time": snapshot["time"],
                "files": summary.get("total_files_processed"),
                "bytes": summary.get("total_bytes_processed"),
                "bytesAdded": summary.get("data_added"),
            }
            for message in listed if isinstance(message, list) for snapshot in message for summary in [snapshot.get("summary", {})]
        ]}

    def forget(self, order, arguments):
        """Ignores ids that do not exist any more, so that a cancelled order can be repeated."""
        is_list = lambda text: all(map(SNAPSHOT.fullmatch, text.split(",")))
        ids = required(arguments, "ids", is_list, "a list of ids of snapshots, separated by commas").split(",")
        present = {snapshot["id"] for snapshot in self.snapshots(order, {})["snapshots"]}
        if present and present <= set(ids):
            raise Fault("invalid", "ids: these are all snapshots of the repository; one must stay.")
        if found := sorted(present & set(ids)):
            self.repository.run(order, "forget", *found)
        self.repository.run(order, "prune")
        return {"forgotten": len(found), "left": len(present) - len(found)}

    def check(self, order, arguments):
        is_percentage = re.compile(r"\d{1,2}(\.\d+)?|100").fullmatch
        percent = required(arguments, "percent", is_percentage, "0 to 100, the percentage of the data that is read")
        read = ["--read-data-subset", f"{percent}%"] if float(percent) > 0 else []
        summary = {}
        errors = self.repository.run(order, "check", *read, on_message=summary.update, ok_codes=(0, 1))
        end = [error["message"] for error in errors if isinstance(error, dict) and error.get("message_type") == "exit_error"]
        # restic ends with code 1 both when the repository is damaged, which is a result, and when it could not check.
        if end and "repository contains errors" not in end[-1]:
            raise self.repository.fault(1, errors)
        problems = [error if isinstance(error, str) else error.get("error", error).get("message", "") for error in errors]
        return {"errors": summary["num_errors"], "problems": problems[:20]}

    def restore(self, order, arguments):
        snapshot = required(arguments, "snapshot", SNAPSHOT.fullmatch, "the id of a snapshot")
        target = required(arguments, "target", {"in-place", "beside"}.__contains__, "in-place or beside")
        site, path = arguments.get("site", ""), arguments.get("path", "")
        if site and not SITE.fullmatch(site):
            raise Fault("invalid", f"site: '{site}' is not the id of a site.")
        if path and (not site or not is_relative(path)):
            example = "such as 2026/11/photo.jpg"
            raise Fault("invalid", f"path: '{path}' must be a path within a site's uploads, {example}, and needs the argument site.")
        return self.restores.restore(order, snapshot, os.path.join(site, path) if path else site, target == "in-place")

    def remove(self, order, arguments):
        self.restores.remove(arguments.get("id", ""))
        return {}

    def list_restores(self, order, arguments):
        return {"restores": self.restores.all()}

    def sample(self, order, arguments):
        snapshot = required(arguments, "snapshot", SNAPSHOT.fullmatch, "the id of a snapshot")
        is_count = lambda text: text.isdecimal() and 0 < int(text) <= MAX_SAMPLE
        count = required(arguments, "count", is_count, f"a number of files from 1 to {MAX_SAMPLE}")
        return sample.sample(order, self.repository, self.uploads, self.restores.folder, snapshot, int(count))

    def progress(self, order, arguments):
        if (running := self.lock.order) is None:
            return {"order": None}
        progress = running.progress
        return {
            "order": running.name,
            "seconds": round(time.time() - running.began, 1),
            "percent": round(100 * progress.get("percent_done", 0), 1),
            "files": progress.get("files_done", progress.get("files_restored", 0)),
            "bytes": progress.get("bytes_done", progress.get("bytes_restored", 0)),
            "bytesTotal": progress.get("total_bytes", 0),
        }


def required(arguments, name, is_valid, expected):
    value = arguments.get(name, "")
    if not is_valid(value):
        raise Fault("invalid", f"{name}: '{value}' is not {expected}.")
    return value


def is_relative(path):
    return "\0" not in path and all(part not in ("", ".", "..") for part in path.split("/"))
