import http.server
import threading
import time
import unittest
import urllib.parse
from dataclasses import replace
from unittest import mock

from tests.agent_test_case import SETTINGS
from uploads_backup import store
from uploads_backup.faults import Fault


class StoreTests(unittest.TestCase):
    def test_a_request_is_signed_as_in_the_example_of_amazon(self):
        url = urllib.parse.urlsplit("https://examplebucket.s3.amazonaws.com/?lifecycle=")
        now = time.strptime("20130524T000000Z", "%Y%m%dT%H%M%SZ")

        headers = store.signed(url, "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", now)

        signature = "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"
        self.assertTrue(headers["Authorization"].endswith(f"Signature={signature}"), headers)

    def test_what_the_store_answers_is_named(self):
        for status, code, kind in (
            (200, "", None),
            (404, "NoSuchBucket", "noRepository"),
            (403, "SignatureDoesNotMatch", "storeDenied"),
            (403, "RequestTimeTooSkewed", "storeDenied"),
            (503, "ServiceUnavailable", "storeUnavailable"),
            (507, "InsufficientStorage", "storeFull"),
        ):
            with self.subTest(status=status, code=code), answering(status, code) as port:
                self.assertEqual(kind, fault(port))

    def test_a_store_that_is_away_is_named_at_once(self):
        with answering(200, "") as port:
            pass
        self.assertEqual("storeUnreachable", fault(port))
        self.assertEqual("storeUnreachable", fault(80, host="nowhere.invalid"))


def fault(port, host="127.0.0.1"):
    with mock.patch("uploads_backup.settings.accepted", return_value=["key"]):
        try:
            return store.check(replace(SETTINGS, repository=f"s3:http://{host}:{port}/uploads", accessKey="farm:backup"))
        except Fault as found:
            return found.kind


class answering:
    def __init__(self, status, code):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(status)
                self.end_headers()
                self.wfile.write(f"<Error><Code>{code}</Code></Error>".encode())

            def log_message(self, *_):
                pass

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever).start()
        return self.server.server_port

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
