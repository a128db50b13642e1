"""Asks the object store for the bucket before restic does: restic retries for a quarter of an hour, and its message does not name the
cause. When the store fails later, restic's retries apply."""
import hashlib
import hmac
import re
import time
import urllib.error
import urllib.parse
import urllib.request

from . import settings
from .faults import Fault

REGION = "us-east-1"
EMPTY_BODY = hashlib.sha256(b"").hexdigest()
TIMEOUT = 10  # seconds


def check(configuration):
    """Raises a Fault when the bucket cannot be used."""
    if not configuration.repository.startswith("s3:"):
        return
    address = configuration.repository.removeprefix("s3:")
    url = urllib.parse.urlsplit(address + "?location=")
    secret = settings.accepted(configuration.storeKey)[0]
    request = urllib.request.Request(url.geturl(), headers=signed(url, configuration.accessKey, secret, time.gmtime()))
    try:
        urllib.request.urlopen(request, timeout=TIMEOUT).close()
    except urllib.error.HTTPError as refusal:
        with refusal:
            explain(configuration, refusal.code, refusal.read(1 << 16).decode(errors="replace"))
    except OSError as failure:
        reason = getattr(failure, "reason", failure)
        advice = "Check that the object store is running and that the address is right."
        raise Fault("storeUnreachable", f"{address} does not answer ({reason}). {advice}") from failure


def explain(configuration, status, answer):
    address = configuration.repository.removeprefix("s3:")
    code = (re.search(r"<Code>(\w+)</Code>", answer) or [None, ""])[1]
    if status == 404:
        raise Fault("noRepository", f"{address}: the bucket does not exist yet; the first snapshot creates it.")
    if code == "RequestTimeTooSkewed":
        why = "its clock and this machine's differ by more than 15 minutes"
        raise Fault("storeDenied", f"{address} refuses every request, because {why}. Set the clock.")
    if status in (401, 403):
        advice = f"The secret {configuration.storeKey} must hold the secret key of the access key."
        raise Fault("storeDenied", f"{address} refuses the key ({code or status}). {advice}")
    if status == 507:
        raise Fault("storeFull", f"{address}: the object store is full ({code or status}). Make room, or forget snapshots.")
    raise Fault("storeUnavailable", f"{address} answers {status} {code}: it is overloaded or starting, or its disk is full.")


def signed(url, access_key, secret, now):
    """AWS signature version 4 of a GET without a body."""
    stamp, day = time.strftime("%Y%m%dT%H%M%SZ", now), time.strftime("%Y%m%d", now)
    headers = {"host": url.netloc, "x-amz-content-sha256": EMPTY_BODY, "x-amz-date": stamp}
    names = ";".join(headers)
    canonical = "\n".join(["GET", url.path, url.query, *(f"{name}:{value}" for name, value in headers.items()), "", names, EMPTY_BODY])
    scope = f"{day}/{REGION}/s3/aws4_request"
    key = b"AWS4" + secret.encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    text = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    credential = f"Credential={access_key}/{scope}, SignedHeaders={names}, Signature={signature}"
    return headers | {"Authorization": f"AWS4-HMAC-SHA256 {credential}"}
