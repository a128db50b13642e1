"""Checks that an order is the Orchestrator's: "Authorization: Proof TIME HEX", an HMAC of method, path with query, name and time."""
import hashlib
import hmac
import re
import time

from . import settings

VALID = 300  # seconds that an order may be old: clocks differ


def is_proven(line, name, authorization):
    match = re.fullmatch(r"Proof (\d{1,12}) ([0-9a-f]{64})", authorization)
    if not match or abs(time.time() - int(match[1])) > VALID:
        return False
    text = f"{line}\n{name}\n{match[1]}".encode()
    # During a rotation the Orchestrator may have either key.
    proofs = [hmac.new(key.encode(), text, hashlib.sha256).hexdigest() for key in settings.accepted("backup-agent-key")]
    return any(hmac.compare_digest(match[2], proof) for proof in proofs)
