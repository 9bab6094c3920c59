"""A line between a kiosk and central that is slow in both directions: so many bytes a second, after a delay."""

import socket
import threading
import time
from urllib.parse import urlsplit


class SlowLine:
    """A relay on loopback. What is under way when one end gives up still arrives, as on a real line."""

    def __init__(self, url: str, bytes_per_s: float, delay_s: float = 0.0) -> None:
        parts = urlsplit(url)
        self._target = (parts.hostname or "", parts.port or 80)
        self.bytes_per_s, self.delay_s = bytes_per_s, delay_s
        self.carried = 0
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # inherited: what waits here is little
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen()
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._ends: list[socket.socket] = []
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def close(self) -> None:
        self._stop.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(timeout=30)
        for end in self._ends:
            end.close()

    def _accept(self) -> None:
        while not self._stop.is_set():
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            far = socket.create_connection(self._target)
            self._ends += [near, far]
            for source, sink in ((near, far), (far, near)):
                thread = threading.Thread(target=self._carry, args=(source, sink))
                self._threads.append(thread)
                thread.start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        source.settimeout(0.05)
        idle = True
        while not self._stop.is_set():
            try:
                data = source.recv(512)
            except TimeoutError:
                idle = True
                continue
            except OSError:
                break
            if not data:
                break
            self.carried += len(data)
            # The line's own pace, not a wait for a state: it is what is tested.
            time.sleep(len(data) / self.bytes_per_s + (self.delay_s if idle else 0.0))
            idle = False
            try:
                sink.sendall(data)
            except OSError:
                break
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
