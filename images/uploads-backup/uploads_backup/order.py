"""An order that is being carried out: what it runs, how far it is, and its end when whoever gave it is gone."""
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
                raise Fault("cancelled", f"{self.name} was broken off.")
            self._process = subprocess.Popen(command, **options)
            return self._process

    def ended(self):
        """The process that was started is no more. What was broken off has failed, whatever the process made of it."""
        with self._lock:
            self._process = None
            if self._stopped:
                raise Fault("cancelled", f"{self.name} was broken off.")

    def stop(self):
        """Lets restic take its lock away."""
        with self._lock:
            self._stopped = True
            if self._process:
                self._process.terminate()

    @contextmanager
    def given_by(self, connection):
        """Stops it when the connection is closed from the other side."""
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
        # Nobody sends anything after an order: it is over, or the other side has closed.
        if not self._over and is_closed(connection):
            self.stop()


def is_closed(connection):
    try:
        return connection.recv(1, socket.MSG_PEEK) == b""
    except OSError:
        return True


class Turn:
    """One order at a time."""

    def __init__(self):
        self._lock = threading.Lock()
        self.order = None

    @contextmanager
    def take(self, order):
        if not self._lock.acquire(blocking=False):
            raise Fault("busy", f"{self.order.name if self.order else 'another order'} is being carried out.")
        self.order = order
        try:
            yield order
        finally:
            self.order = None
            self._lock.release()
