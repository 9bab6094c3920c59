"""Opens sealed parts in a process of its own: decrypting holds the interpreter, and no kiosk's answer waits for that.

The process is `python -m central.intake.unsealing.process KEYS_DIR`. Both ways go messages of 4 bytes of length (big
endian) and as many of MessagePack: a list of `SealedItem` in, a list of `Unsealed` in the same order out. It ends with
its standard input, so that it never outlives its central. What it opens goes through the pipe alone, to no disk and no
log.
"""

import asyncio
import base64
import contextlib
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Final, cast

import msgspec
from cryptography.exceptions import InvalidTag
from msgspec import Struct

from central.keys.keys import SEAL_SUITE, KeyMissingError, KeyRing
from common.protocol.envelope import SealedContent, decode_body, seal_info

LENGTH_BYTES: Final = 4
# Far more than a step takes on a slow machine (measured: 0.2 ms an item).
ANSWER_WITHIN_S: Final = 60.0
# Processor time of one item, after which the process is ended by its timer, also within a library's loop.
CPU_S_AN_ITEM: Final = 10.0
# As nice(2) counts: where processors are short, kiosks are answered first and their sealed parts opened after.
BEHIND_ANSWERS: Final = 5
# The reason that a key brings to an end which is found again.
UNKNOWN_KEY: Final = "unknown-key"
# Of an item that has ended its process twice: once among others, once alone.
ENDS_ITS_READER: Final = "ends-its-reader"


class SealedItem(Struct, frozen=True, array_like=True):
    """What it takes to open an item of the inbox; `body` as the kiosk sent it."""

    id: str
    kiosk: str
    epoch: str
    kind: str
    body: str


class Unsealed(Struct, frozen=True, array_like=True):
    """What became of one item: its content as JSON, with the order `code` in it, or no content and the `reason`."""

    content: str | None = None
    code: str | None = None
    reason: str | None = None


class OpeningFailed(Exception):
    """The process ended or fell silent: what it was asked for is not opened, and the next call starts another."""


class OpeningProcess:
    """The process as the server holds it. One call at a time; started by the first one."""

    def __init__(self, keys_dir: Path) -> None:
        self._keys_dir = keys_dir
        self._process: asyncio.subprocess.Process | None = None
        self._is_over = False

    async def open(self, items: Sequence[SealedItem]) -> list[Unsealed]:
        """Open each item, in order. Raises OpeningFailed; OSError where no process can be started."""
        if self._process is None and not self._is_over:
            # -P: modules come from where central's own do, never from the folder that it was started in.
            command = (sys.executable, "-P", "-m", "central.intake.unsealing.process", str(self._keys_dir))
            # In a group of its own, where no Ctrl+C reaches it while it loads.
            self._process = await asyncio.create_subprocess_exec(
                *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, process_group=0
            )
        if self._process is None or self._is_over:  # it may have been ended while it was started
            await self.close()
            raise OpeningFailed("central stops, and opens no more")
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                return await _exchange(self._process, items)
        # A TimeoutError is an OSError. After an answer that cannot be read, the next one may be the former's.
        except (OSError, EOFError, msgspec.DecodeError) as error:
            await self.close()
            raise OpeningFailed("the process that opens sealed parts has ended, is silent or talks nonsense") from error

    async def open_alone(self, item: SealedItem) -> Unsealed:
        """Open an item that was among those over which the process ended; one that ends it again is named as such.

        Raises OpeningFailed where the process fails without it too: then no item is to blame.
        """
        try:
            return (await self.open([item]))[0]
        except OpeningFailed:
            await self.open([])
            return Unsealed(reason=ENDS_ITS_READER)

    async def close(self) -> None:
        """End the process at once and wait for it: it keeps nothing that could be lost."""
        self._kill()
        process, self._process = self._process, None
        if process is not None:
            await process.wait()

    def interrupt(self) -> None:
        """End the process at once and for good; a call under way fails, and so do later ones."""
        self._is_over = True
        self._kill()

    def _kill(self) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()


async def _exchange(process: asyncio.subprocess.Process, items: Sequence[SealedItem]) -> list[Unsealed]:
    requests, answers = cast("asyncio.StreamWriter", process.stdin), cast("asyncio.StreamReader", process.stdout)
    requests.write(_framed(items))
    await requests.drain()
    length = int.from_bytes(await answers.readexactly(LENGTH_BYTES))
    found = msgspec.msgpack.decode(await answers.readexactly(length), type=list[Unsealed])
    if len(found) != len(items):
        raise msgspec.DecodeError("not one answer an item")
    return found


def open_item(item: SealedItem, ring: KeyRing) -> Unsealed:
    """Open the sealed part of one item; never raises over what the part holds."""
    try:
        sealed = decode_body(item.kind, item.body).sealed
        if sealed is None:
            return Unsealed(reason="nothing-sealed")
        info = seal_info(item.kiosk, item.epoch, item.id)
        plaintext = SEAL_SUITE.decrypt(base64.b64decode(sealed.data, validate=True), ring.sealing(sealed.kid), info)
        content = msgspec.json.decode(plaintext, type=SealedContent)
        return Unsealed(msgspec.json.encode(content).decode(), content.code)
    except KeyMissingError:
        return Unsealed(reason=UNKNOWN_KEY)
    except InvalidTag:
        return Unsealed(reason="does-not-open")
    # base64, JSON (msgspec; nested too deeply) and HPKE's own complaints; their texts may hold content
    except (ValueError, RecursionError):
        return Unsealed(reason="unreadable-content")


def serve(requests: BinaryIO, answers: BinaryIO, ring: KeyRing) -> None:
    """Answer until the requests end."""
    while len(head := requests.read(LENGTH_BYTES)) == LENGTH_BYTES:
        length = int.from_bytes(head)
        request = requests.read(length)
        if len(request) < length:
            return
        items = msgspec.msgpack.decode(request, type=list[SealedItem])
        answers.write(_framed([_within_bounds(item, ring) for item in items]))
        answers.flush()


def _within_bounds(item: SealedItem, ring: KeyRing) -> Unsealed:
    # SIGPROF is not caught: it ends the process wherever it is.
    signal.setitimer(signal.ITIMER_PROF, CPU_S_AN_ITEM)
    try:
        return open_item(item, ring)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _framed(message: object) -> bytes:
    body = msgspec.msgpack.encode(message)
    return len(body).to_bytes(LENGTH_BYTES) + body


def main() -> None:
    """Be the process. Its last words name no more than the kind of a failure: the text may hold what was opened."""
    # The service's stop reaches every process; central ends the step it is in, and then this one.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # central is gone: there is nobody to answer
    with contextlib.suppress(PermissionError):  # where a service's own limits forbid it, it serves all the same
        os.nice(BEHIND_ANSWERS)
    try:
        serve(sys.stdin.buffer, sys.stdout.buffer, KeyRing(Path(sys.argv[1])))
    except Exception as error:  # noqa: BLE001 - the process's edge
        sys.exit(f"central: opening sealed parts failed ({type(error).__name__})")


if __name__ == "__main__":
    main()
