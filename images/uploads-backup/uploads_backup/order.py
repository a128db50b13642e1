"""A running order: its process, its progress, and its cancellation when the client closes the connection."""
import os
import select
import socket
import subprocess
import threading
import time
from contextlib import contextmanager

from .faults import Fault


class Order:
    def __init__(self, name):
        self.name = name
        self.began = time.time()
        self.progress = {}
        self._lock = threading.Lock()
        self._process = None
        self._stopped = False
        self._over = False

    def start(self, command, **options):
        with self._lock:
            if self._stopped:
                raise Fault("cancelled", f"{self.name} was cancelled.")
            self._process = subprocess.Popen(command, **options)
            return self._process

    def ended(self):
        """Call it when the process has ended. A cancelled order has failed, whatever the exit code of its process is."""
        with self._lock:
            self._process = None
            if self._stopped:
                raise Fault("cancelled", f"{self.name} was cancelled.")

    def stop(self):
        """Cancels the order. restic is only terminated, so that it can remove its lock."""
        with self._lock:
            self._stopped = True
            if self._process:
                self._process.terminate()

    @contextmanager
    def cancelled_by_closing(self, connection):
        """Cancels the order when the client closes the connection."""
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        done, over = os.pipe()
        watcher = threading.Thread(target=self._watch, args=(connection, done), daemon=True)
        watcher.start()
        try:
            yield self
        finally:
            self._over = True
            os.close(over)
            watcher.join()
            os.close(done)

    def _watch(self, connection, done):
        select.select([connection, done], [], [])
        # A client sends nothing after an order. So the order is over, or the client has closed the connection.
        if not self._over and is_closed(connection):
            self.stop()


def is_closed(connection):
    try:
        return connection.recv(1, socket.MSG_PEEK) == b""
    except OSError:
        return True


class OrderLock:
    """Allows one order at a time."""

    def __init__(self):
        self._lock = threading.Lock()
        self.order = None

    @contextmanager
    def held_by(self, order):
        if not self._lock.acquire(blocking=False):
            raise Fault("busy", f"{self.order.name if self.order else 'another order'} is being carried out. Try again when it has ended.")
        self.order = order
        try:
            yield order
        finally:
            self.order = None
            self._lock.release()
