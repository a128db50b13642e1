"""Gives each test an agent with a volume, a repository in a folder, and secrets. The tests use the real restic."""
import contextlib
import hashlib
import hmac
import json
import os
import shutil
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.request
from dataclasses import replace
from unittest import mock

from uploads_backup import settings
from uploads_backup.agent import Agent
from uploads_backup.settings import Settings

SETTINGS = Settings(name="uploads-backup", repository="", accessKey="", region="us-east-1", storeKey="object-storage-key", uploadLimit=0)
KEY = "5" * 64
ORDER_KEY = "6" * 64


class AgentTestCase(unittest.TestCase):
    def setUp(self):
        self.folder = os.path.realpath(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.uploads, self.repository, secrets = (os.path.join(self.folder, name) for name in ("uploads", "repository", "secrets"))
        os.mkdir(self.uploads)
        os.mkdir(secrets)
        private = os.path.join(self.folder, "run")
        for patch in (mock.patch.object(settings, "SECRETS", secrets), mock.patch("uploads_backup.repository.PRIVATE", private)):
            patch.start()
            self.addCleanup(patch.stop)
        self.secret("backup-key", KEY)
        self.secret("backup-agent-key", ORDER_KEY)
        self.agent = Agent(replace(SETTINGS, repository=self.repository), self.uploads, port=0)
        threading.Thread(target=self.agent.serve_forever).start()
        self.addCleanup(self.agent.server_close)
        self.addCleanup(self.agent.stop)

    def secret(self, name, value):
        with open(os.path.join(settings.SECRETS, name), "w") as file:
            file.write(value)

    def write(self, path, content):
        path = os.path.join(self.uploads, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)

    def read(self, path):
        with open(os.path.join(self.uploads, path), "rb") as file:
            return file.read()

    def order(self, line, key=ORDER_KEY, at=None):
        """Sends an order. Returns the status and the answer."""
        method, path = line.split(" ")
        moment = int(at or time.time())
        proof = hmac.new(key.encode(), f"{line}\nuploads-backup\n{moment}".encode(), hashlib.sha256).hexdigest()
        address = f"http://127.0.0.1:{self.agent.server_port}{path}"
        request = urllib.request.Request(address, method=method, headers={"Authorization": f"Proof {moment} {proof}"})
        with contextlib.ExitStack() as stack:
            try:
                answer = stack.enter_context(urllib.request.urlopen(request))
            except urllib.error.HTTPError as refusal:
                answer = stack.enter_context(refusal)
            return answer.status, json.load(answer)

    def done(self, line):
        status, answer = self.order(line)
        self.assertEqual(200, status, answer)
        return answer

    def refused(self, line, kind, **how):
        status, answer = self.order(line, **how)
        self.assertEqual(kind, answer.get("fault"), answer)
        return answer["message"]
