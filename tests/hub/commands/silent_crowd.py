"""Opens connections to an address from many others, says nothing on any, and opens each again that is ended."""

import selectors
import socket
import sys
import time
from contextlib import suppress

EACH_TURN = 50
TURN_S = 0.05


def crowd(host: str, port: int, addresses: int, of_each: int, lasts_s: float) -> None:
    """Hold so many connections of each of so many addresses, and open a thousand a second at most.

    The first line that is printed says that all have been opened once.
    """
    held = selectors.DefaultSelector()
    wanted = [f"127.0.{2 + n // 250}.{1 + n % 250}" for n in range(addresses) for _ in range(of_each)]
    until, unopened = time.monotonic() + lasts_s, len(wanted)
    while time.monotonic() < until:
        for source in wanted[:EACH_TURN]:
            line = socket.socket()
            line.setblocking(False)
            with suppress(OSError):
                line.bind((source, 0))
                line.connect_ex((host, port))
            held.register(line, selectors.EVENT_READ, source)
        if 0 < unopened <= EACH_TURN:
            print("opened", flush=True)
        unopened, wanted = unopened - EACH_TURN, wanted[EACH_TURN:]
        for key, _ in held.select(0):
            held.unregister(key.fileobj)
            key.fileobj.close()  # type: ignore[union-attr]
            wanted.append(key.data)
        time.sleep(TURN_S)


if __name__ == "__main__":
    crowd(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5]))
