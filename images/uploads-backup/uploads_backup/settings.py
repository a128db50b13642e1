"""What the farm gives: a file of settings, and secrets, which are read anew for each order, since they change while this runs."""
import hashlib
import hmac
import json
import os
from dataclasses import dataclass

SECRETS = "/run/secrets"
LABEL = b"wpfarm uploads repository"


@dataclass(frozen=True)
class Settings:
    # Goes into the proof of each order, so that none can be used on another service.
    name: str
    # As restic names it: s3:http://HOST:PORT/BUCKET, or the path of a folder.
    repository: str
    accessKey: str = ""
    region: str = "us-east-1"
    # The secret with the store's secret key.
    storeKey: str = "object-storage-key"
    # KiB per second; 0: no limit.
    uploadLimit: int = 0

    @staticmethod
    def read(path="/etc/farm/uploads-backup.json"):
        with open(path) as file:
            return Settings(**json.load(file))


def accepted(name):
    """Every value of a secret: one, and a second while it is changed. The first is the one to use."""
    with open(os.path.join(SECRETS, name)) as file:
        return [line.strip() for line in file if line.strip()]


def repository_password():
    """Derived from the key of all backups, so that the one key opens everything, and never the key itself."""
    return hmac.new(bytes.fromhex(accepted("backup-key")[0]), LABEL, hashlib.sha256).hexdigest()
