"""The kinds of failures that the Orchestrator distinguishes, with their HTTP status."""

STATUS = {
    "invalid": 400,
    "notProven": 403,
    "notFound": 404,
    "noRepository": 404,
    "busy": 409,
    "locked": 409,
    "wrongKey": 502,
    "storeDenied": 502,
    "storeUnreachable": 502,
    "storeUnavailable": 503,
    "storeFull": 507,
    "volumeFull": 507,
    "cancelled": 503,
    "failed": 500,
}


class Fault(Exception):
    def __init__(self, kind, message):
        super().__init__(message)
        self.kind = kind

    @property
    def status(self):
        return STATUS[self.kind]
