"""Reads the settings file, and the secrets: those are read for each order, because they may change while the agent runs."""
import hashlib
import hmac
import json
import os
from dataclasses import dataclass, fields

SECRETS = "/run/secrets"
LABEL = b"wpfarm uploads repository"


class SettingsError(Exception):
    """The settings are of no use; names every key that is missing or unknown."""


@dataclass(frozen=True)
class Settings:
    """Each is described in WpFarm.Contracts/Settings/UploadsAgentSettings.cs, which the farm writes them from."""

    name: str
    repository: str
    accessKey: str
    region: str
    storeKey: str
    uploadLimit: int

    @staticmethod
    def read(path="/etc/farm/uploads-backup.json"):
        with open(path) as file:
            given = json.load(file)
        known = [field.name for field in fields(Settings)]
        problems = [f"{name} is missing" for name in known if name not in given]
        problems += [f"{name} is unknown" for name in given if name not in known]
        if problems:
            raise SettingsError(f"{path}: {', '.join(problems)}. The keys are {', '.join(known)}.")
        return Settings(**given)


def accepted(name):
    """Every value of a secret: one, and during a rotation two. Clients use the first."""
    with open(os.path.join(SECRETS, name)) as file:
        return [line.strip() for line in file if line.strip()]


def repository_password():
    """Derived from the key of all backups, so that one key decrypts everything, but restic never gets the key itself."""
    return hmac.new(bytes.fromhex(accepted("backup-key")[0]), LABEL, hashlib.sha256).hexdigest()
