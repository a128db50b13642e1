"""The HTTP listener: checks the proof of each order, carries it out, and answers."""
import json
import sys
import time
import traceback
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .faults import Fault
from .order import Order, OrderLock
from .orders import Orders
from .proof import is_proven
from .repository import Repository
from .restores import Restores

PORT = 9301
UPLOADS = "/srv/uploads"


class Agent(ThreadingHTTPServer):
    daemon_threads = False

    def __init__(self, settings, uploads=UPLOADS, port=PORT):
        super().__init__(("", port), Handler)
        repository = Repository(settings)
        self.name = settings.name
        self.orders = Orders(repository, Restores(repository, uploads), OrderLock(), uploads)
        self.running = set()

    def stop(self):
        self.shutdown()
        for order in list(self.running):
            order.stop()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10  # seconds in which the head of a request must arrive

    def answer_order(self):
        if self.path == "/healthz":
            return self.reply(200, {})
        url = urllib.parse.urlsplit(self.path)
        order = Order(f"{self.command} {url.path}")
        began = time.monotonic()
        status, answer = self.carry_out(order, url)
        if self.command != "GET" or status != 200:
            reason = "" if status == 200 else ": " + answer["message"]
            print(f"{order.name}: {status} after {time.monotonic() - began:.1f} s{reason}", file=sys.stderr)
        self.reply(status, answer)

    do_GET = do_POST = do_DELETE = answer_order

    def carry_out(self, order, url):
        self.server.running.add(order)
        try:
            if not is_proven(f"{self.command} {self.path}", self.server.name, self.headers.get("Authorization", "")):
                raise Fault("notProven", "the proof of the order is invalid: check the secret backup-agent-key, and the clocks.")
            with order.cancelled_by_closing(self.connection):
                return 200, self.server.orders.carry_out(order, dict(urllib.parse.parse_qsl(url.query)))
        except Fault as fault:
            return fault.status, {"fault": fault.kind, "message": str(fault)}
        except Exception as failure:
            traceback.print_exc()
            return 500, {"fault": "failed", "message": f"{type(failure).__name__}: {failure}"}
        finally:
            self.server.running.discard(order)

    def reply(self, status, answer):
        body = json.dumps(answer).encode()
        self.close_connection = True
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body)
        except ConnectionError:
            pass  # The client has closed the connection.

    def log_message(self, *_):
        """Replaces the log of the base class: orders are logged when they end, health checks are not."""
