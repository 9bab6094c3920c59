"""What a scan costs from bytes to a durable order, and what noise costs the parsers of every reader."""

import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from devices.card_reader.crt591.frames import Command, Parameter, encode
from devices.card_reader.crt591.frames import FrameDecoder as CrtDecoder
from devices.card_reader.magstripe.frames import SwipeAssembler
from devices.card_reader.pn532.frames import FrameDecoder as PnDecoder
from devices.card_reader.pn532.frames import encode as pn_encode
from devices.card_reader.rdm6300.frames import TagAssembler
from devices.code_scanner.frames import FrameAssembler
from devices.identity_card import parse_identity_card
from kiosk.desk.desk import OrderRecorded, new_intention
from kiosk.desk.outcome import Outcome
from tests.kit.clock import HandClock
from tests.kit.desk import App, Place, open_store
from tests.kit.order_codes import genuine, read, signed

VERIFIES = 2000
ORDERS = 400
FUZZED_BYTES = 10_000_000
CHUNK = 4096
SWIPE = b"%B4761739001010010^DOE/JANE ^27122011758900540000000?;4761739001010010=27122011758928889?\r"
ID_CARD = "فاطمة#العلي#محمد#خديجة#ريف دمشق 5-3-1984#04012345678#".encode("cp1256")


def rows() -> list[dict[str, Any]]:
    """Measure the path of an order code, then every parser on the same kind of noise."""
    with tempfile.TemporaryDirectory(dir=Path("build") if Path("build").is_dir() else None) as folder:
        return [*_verifies(), *_orders(Path(folder)), *_parsers()]


def _row(row: str, value: float, unit: str, compared_with: str | None = None) -> dict[str, Any]:
    return {"row": row, "value": value, "unit": unit, "compared_with": compared_with, "ratio": None}


def _times_ms(call: Callable[[], object], count: int) -> list[float]:
    times = []
    for _ in range(count):
        began = time.perf_counter()
        call()
        times.append((time.perf_counter() - began) * 1000)
    return times


def _p99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[98]


def _verifies() -> list[dict[str, Any]]:
    code, forged = genuine(), signed({})
    verified = _times_ms(lambda: read(code), VERIFIES)
    refused = _times_ms(lambda: read(forged), VERIFIES)
    return [
        _row("order code: decode and verify, median", statistics.median(verified), "ms", "at most 1"),
        _row("order code: decode and verify, p99", _p99(verified), "ms"),
        _row("order code: refuse a malformed one, median", statistics.median(refused), "ms"),
    ]


def _orders(folder: Path) -> list[dict[str, Any]]:
    clock, app = HandClock(), App()
    with open_store(folder, clock) as store:
        app.make_known(store)
        place = Place(store, clock, app)
        codes = [app.code() for _ in range(ORDERS)]
        times = []
        for code in codes:
            began = time.perf_counter()
            recorded = place.desk.order(code, intention=new_intention())
            times.append((time.perf_counter() - began) * 1000)
            if not isinstance(recorded, OrderRecorded) or recorded.outcome is not Outcome.ACCEPTED:
                raise AssertionError("a genuine code was not accepted")
    return [
        _row("order code: decode, verify, record durable, median", statistics.median(times), "ms", "at most 5"),
        _row("order code: decode, verify, record durable, p99", _p99(times), "ms", "at most 20"),
    ]


def _parsers() -> list[dict[str, Any]]:
    parsers: list[tuple[str, Callable[[bytes], object], bytes]] = [
        ("scanner", FrameAssembler().feed, b"\x02]Q1SY1:6BF0 SOMETHING\r\n"),
        ("magstripe", SwipeAssembler(bytes(16)).feed, SWIPE),
        ("RDM6300", TagAssembler().feed, b"\x022E00AF0EC946\x03"),
        ("PN532", PnDecoder().feed, pn_encode(b"\xd5\x4b\x01\x01\x00\x04\x08\x04\xa1\xb2\xc3\xd4")),
        ("CRT-591", CrtDecoder().feed, encode(Command.STATUS, Parameter.STATUS_READER)),
        ("identity card", parse_identity_card, ID_CARD),
    ]
    table = []
    for name, parse, frame in parsers:
        chunks = _fuzzed(frame)
        rss = psutil.Process().memory_info().rss
        began = time.perf_counter()
        for chunk in chunks:
            parse(chunk)
        seconds = time.perf_counter() - began
        grown = (psutil.Process().memory_info().rss - rss) / 1e6
        table.append(_row(f"parser of {name}: fuzzed bytes", FUZZED_BYTES / 1e6 / seconds, "MB/s", "at least 5"))
        table.append(_row(f"parser of {name}: memory grown by {FUZZED_BYTES / 1e6:.0f} MB", grown, "MB", "none"))
    return table


def _fuzzed(frame: bytes) -> list[bytes]:
    """Return noise (a quarter of the chunks) and frames of which one byte in 32 was changed (the rest)."""
    rng = random.Random(len(frame))
    chunks = []
    for number in range(FUZZED_BYTES // CHUNK):
        if number % 4 == 0:
            chunks.append(rng.randbytes(CHUNK))
            continue
        chunk = bytearray(frame * (CHUNK // len(frame) + 1))[:CHUNK]
        for _ in range(CHUNK // 32):
            chunk[rng.randrange(CHUNK)] = rng.randrange(256)
        chunks.append(bytes(chunk))
    return chunks
