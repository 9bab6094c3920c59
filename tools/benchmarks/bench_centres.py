"""How many may look at once at what works now: `/centres` from our nginx with its limits on, and from central alone.

Two hundred addresses of loopback ask over TLS, each on a connection of its own and at its own moments; an answer's time
counts from when it was due, so that who waits in line counts too.
"""

import asyncio
import re
import ssl
import tempfile
import time
from pathlib import Path
from statistics import quantiles
from typing import Final
from urllib.parse import urlsplit

import httpx2

from tests.kit.nginx import served_site
from tools.benchmarks.bench_central import served

ADDRESSES: Final = 200
FROM_CACHE_A_SECOND: Final = 2_000
UNCACHED_A_SECOND: Final = 200
LASTS_S: Final = 30
MOST_P99_MS: Final = 50
MOST_QUERIES_A_MINUTE: Final = 6
_SERVED: Final = re.compile(r'^central_requests_total\{status="200"\} ([0-9.e+]+)$', re.MULTILINE)


def rows() -> list[dict[str, str | float]]:
    """Measure once; returns the rows of the benchmark table."""
    with (
        tempfile.TemporaryDirectory() as kept,
        tempfile.TemporaryDirectory() as folder,
        served(["--data", kept]) as url,
    ):
        central = int(urlsplit(url).port or 0)
        alone = asyncio.run(_p99_ms(central, UNCACHED_A_SECOND, None))
        with served_site(Path(folder), [central], workers=2, connections=4 * ADDRESSES) as port:
            httpx2.get(f"https://127.0.0.1:{port}/centres", verify=_trusting()).raise_for_status()
            before = _reached(url)
            cached = asyncio.run(_p99_ms(port, FROM_CACHE_A_SECOND, _trusting()))
        inside = _p99_inside_ms(Path(folder) / "central.log")
        a_minute = (_reached(url) - before) * 60 / LASTS_S
    return [
        _row(
            f"/centres from nginx, {FROM_CACHE_A_SECOND}/s from {ADDRESSES} addresses, p99", cached, "ms", MOST_P99_MS
        ),
        _row("/centres meanwhile, p99 by nginx's own clock", inside, "ms", MOST_P99_MS),
        _row("/centres meanwhile, requests that reached central", a_minute, "a minute", MOST_QUERIES_A_MINUTE),
        _row(f"/centres from central alone, {UNCACHED_A_SECOND}/s, p99", alone, "ms", MOST_P99_MS),
    ]


def _row(name: str, value: float, unit: str, most: int) -> dict[str, str | float]:
    return {
        "row": name,
        "value": round(value, 1),
        "unit": unit,
        "compared_with": f"at most {most} {unit}",
        "ratio": round(value / most, 3),
    }


async def _p99_ms(port: int, a_second: int, tls: ssl.SSLContext | None) -> float:
    """Ask so often for so long; every answer must be the page."""
    every_s = ADDRESSES / a_second
    began = time.perf_counter() + 2
    asking = (_visitor(number, port, tls, began + every_s * number / ADDRESSES, every_s) for number in range(ADDRESSES))
    times = [one for of_visitor in await asyncio.gather(*asking) for one in of_visitor]
    return quantiles(times, n=100)[98] * 1000


async def _visitor(number: int, port: int, tls: ssl.SSLContext | None, due: float, every_s: float) -> list[float]:
    address = f"127.0.1.{number + 1}"
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=tls, local_addr=(address, 0))
    ends, times = due + LASTS_S, []
    while due < ends:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        writer.write(b"GET /centres HTTP/1.1\r\nHost: central.example\r\nAccept-Encoding: gzip\r\n\r\n")
        await _page(reader)
        times.append(time.perf_counter() - due)
        due += every_s
    writer.close()
    return times


async def _page(reader: asyncio.StreamReader) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    assert head.startswith(b"http/1.1 200"), head
    if (length := re.search(rb"content-length: (\d+)", head)) is not None:
        await reader.readexactly(int(length[1]))
        return
    while size := int(await reader.readline(), 16):  # compressed on its way, in chunks
        await reader.readexactly(size + 2)
    await reader.readline()


def _p99_inside_ms(log: Path) -> float:
    """Return the same as nginx measured it, from a request's first byte to its answer's last, without our asking."""
    times = [float(found[1]) for found in re.finditer(r'" 200 \d+ ([0-9.]+) "', log.read_text(encoding="utf-8"))]
    return quantiles(times, n=100)[98] * 1000


def _reached(url: str) -> int:
    """Return how many requests central itself has answered, this one not among them; nobody else asks it anything."""
    found = _SERVED.search(httpx2.get(f"{url}/metrics").text)
    return 0 if found is None else round(float(found[1]))


def _trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context
