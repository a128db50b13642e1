"""Reads the settings file, and the secrets: those are read for each order, because they may change while the agent runs."""
import hashlib
import hmac
import json
import os
from dataclasses import dataclass

SECRETS = "/run/secrets"
LABEL = b"wpfarm uploads repository"


@dataclass(frozen=True)
class Settings:
    # Part of the proof of each order, which is therefore invalid on another service.
    name: str
    # In restic's notation: s3:http://HOST:PORT/BUCKET, or the path of a folder.
    repository: str
    accessKey: str = ""
    region: str = "us-east-1"
    # The name of the secret that holds the object store's secret key.
    storeKey: str = "object-storage-key"
    # KiB per second; 0: no limit.
    uploadLimit: int = 0

    @staticmethod
    def read(path="/etc/farm/uploads-backup.json"):
        with open(path) as file:
            return Settings(**json.load(file))


def accepted(name):
    """Every value of a secret: one, and during a rotation two. Clients use the first."""
    with open(os.path.join(SECRETS, name)) as file:
        return [line.strip() for line in file if line.strip()]


def repository_password():
    """Derived from the key of all backups, so that one key decrypts everything, but restic never gets the key itself."""
    return hmac.new(bytes.fromhex(accepted("backup-key")[0]), LABEL, hashlib.sha256).hexdigest()
