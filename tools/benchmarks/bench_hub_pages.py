"""The hub's pages: processor time of a hub for an hour in which a whole hall looks at it, and of one view."""

import asyncio
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec
from structlog.testing import capture_logs

from common.protocol.feed_message import ClerkRecord, Clerks, KioskRecord, Kiosks
from common.protocol.message_signature import sign_request
from common.protocol.queue.call import QueuedTicket, TicketsCall
from hub.api.app import create_app
from hub.api.live.state import View, _Viewer
from hub.api.server.server import Serving
from hub.sessions import sessions
from hub.settings import CentralSection, HubConfig, HubSection
from tests.hub.api.conftest import HUB_KEY, KIOSK_KEY, URL, named, public
from tests.hub.hall import CENTRE, Hall, HallKiosk, open_hall, said
from tools.benchmarks.bench_hub import row_of

COUNTERS: Final = 12
KIOSKS: Final = 9
PLAYED_S: Final = 360
SERVICE_S: Final = 300
WAITING: Final = 60
BEAT_S: Final = 5
ASKS_WHO_LEADS_S: Final = 3
KIOSK_TELLS_S: Final = 5
VIEWS: Final = 200


def rows() -> list[dict[str, Any]]:
    """Play a tenth of an hour on the clock of the hall, everything that pages and kiosks ask for; then single views."""
    with tempfile.TemporaryDirectory(dir=Path("build") if Path("build").is_dir() else None) as folder:
        pages = _Pages(open_hall(Path(folder) / "hub"))
        views = [_row_of_view(pages, view) for view in ("counter", "board", "manager")]
        pages.views = 0
        with capture_logs():
            hour_s = asyncio.run(pages.lives())
        asked = pages.views
        pages.hall.hub.store.close()
    scale = 3600 / PLAYED_S
    compared = f"{asked * scale:,.0f} views, 12 counters, board, manager, 9 kiosks; {PLAYED_S} s were played"
    row = row_of("processor of a hub for an hour of a full hall's pages", hour_s * scale, "s", compared)
    return [*views, row]


def _row_of_view(pages: "_Pages", view: View) -> dict[str, Any]:
    took_s = _processor_s(lambda: [pages.see(view) for _ in range(VIEWS)]) / VIEWS
    return row_of(f"processor of one view of a {view}'s page", took_s * 1000, "ms")


def _processor_s(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


class _Pages:
    """A hall in which everybody looks: each page follows its view, and asks who leads."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        hall.set_up({number: ["A", "B"] for number in range(1, COUNTERS + 1)})
        named(hall)
        hall.kiosks = [
            HallKiosk(hall, KioskRecord(f"kiosk-{digit}", digit, public(KIOSK_KEY)), boot_offset_s=-10.0 * digit)
            for digit in range(1, KIOSKS + 1)
        ]
        said(hall.hub, Kiosks(CENTRE, [one.record for one in hall.kiosks]), 3)
        clerks = [ClerkRecord(f"clerk-{n}", f"{n}", "clerk", f"{10 + n}", "") for n in range(1, COUNTERS + 1)]
        said(hall.hub, Clerks(CENTRE, [*clerks, ClerkRecord("manager-1", "هدى", "manager", "99", "")]), 3)
        hall.hub.asks_first = False
        config = HubConfig(hub=HubSection(centre=CENTRE), central=CentralSection(url="http://127.0.0.1:1"))
        self.serving = Serving(hall.hub, config, HUB_KEY)
        self.app: Any = create_app(self.serving)
        self.views = 0
        hall.works()
        for number in range(1, COUNTERS + 1):
            hall.press(number, "open")
        for n in range(WAITING):
            hall.kiosks[n % KIOSKS].give("AB"[n % 2])
        self._tokens = self._log_in()

    def _log_in(self) -> dict[View, str]:
        with self.hall.act() as act:
            clerk, _ = sessions.begin(act, act.centre.clerks["clerk-1"], 1, take_over=False)
            manager, _ = sessions.begin(act, act.centre.clerks["manager-1"], None, take_over=False)
        return {"counter": clerk, "manager": manager}

    def see(self, view: View) -> bytes:
        """Draw a view as its stream does at a change or a beat."""
        self.views += 1
        self.hall.passes(0.001)
        return msgspec.json.encode(_Viewer(self.serving, view, self._tokens.get(view)).see())

    def _all_see(self, *, board: bool) -> None:
        for view in ("counter",) * COUNTERS + ("manager",) + (("board",) if board else ()):
            self.see(view)

    async def lives(self) -> float:
        """Live through the time that is played; return the processor time that it took, in seconds."""
        began = time.process_time()
        for second in range(PLAYED_S):
            for counter in range(1, COUNTERS + 1):
                # Each counter calls, is come to and ends within its service; pages of all follow each press.
                at = (second + counter * SERVICE_S // COUNTERS) % SERVICE_S
                kind = {0: "next", 20: "came", SERVICE_S - 1: "done"}.get(at)
                if kind is not None:
                    self._presses(counter, kind)
                    self._all_see(board=True)
            for n, kiosk in enumerate(self.hall.kiosks):
                if (second + n) % KIOSK_TELLS_S == 0:
                    await self._tells(kiosk, [kiosk.ticket("AB"[n % 2])] if (second + n) % 225 == 0 else [])
            if second % ASKS_WHO_LEADS_S == 0:
                for _ in range(COUNTERS + 2):
                    await self._answered("GET", "/v1/hub", {}, b"")
            if second % BEAT_S == 0:
                self._all_see(board=False)
            self.hall.passes(1)
        return time.process_time() - began

    def _presses(self, counter: int, kind: str) -> None:
        has_ticket = self.hall.counter(counter).ticket is not None
        if has_ticket == (kind != "next"):
            self.hall.press(counter, kind)

    async def _tells(self, kiosk: HallKiosk, tickets: list[QueuedTicket]) -> None:
        where = f"/v1/kiosks/{kiosk.record.id}/tickets"
        body = msgspec.json.encode(TicketsCall(kiosk.boot_id, kiosk.boot_time_ns(), tickets))
        headers = sign_request("POST", URL + where, body, key=KIOSK_KEY, keyid=kiosk.record.id)
        await self._answered("POST", where, headers | {"Content-Type": "application/json"}, body)
        if tickets:
            self._all_see(board=True)

    async def _answered(self, method: str, path: str, headers: dict[str, str], body: bytes) -> None:
        """Ask the application as uvicorn does, without a line between."""
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "server": ("127.0.0.1", 8090),
            "client": ("127.0.0.1", 50000), "scheme": "http", "method": method, "root_path": "", "path": path,
            "raw_path": path.encode(), "query_string": b"", "state": {},
            "headers": [
                (b"host", b"127.0.0.1:8090"),
                *((name.lower().encode(), value.encode()) for name, value in headers.items()),
            ],
        }  # fmt: skip
        told: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            told.append(message)

        await self.app(scope, receive, send)
        if told[0]["status"] != 200:
            raise RuntimeError(f"{method} {path}: {told}")
