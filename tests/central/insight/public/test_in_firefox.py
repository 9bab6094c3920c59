"""Central's pages for anybody in Debian's Firefox: axe finds nothing, and no rule of the page's own is broken."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import axe_playwright_python
import pytest

from central.base import clock
from central.insight.centres import page as centres
from central.insight.centres.now import centres_now
from central.insight.centres.reading import Centre, Known, Told
from central.insight.centres.usual import usual_of
from central.insight.public import page as ticket
from central.insight.public.texts import LANGUAGES, Language
from central.server.api.centres import _SAFE as SAFE_CENTRES
from central.server.api.ticket_page import _SAFE as SAFE_TICKET
from common.city.calendar import CentreHours
from common.city.catalogue import Hours, load_catalogue
from common.protocol.queue.call import WaitingList
from common.protocol.queue.service_now import CentreNow, GroupNow, ServiceNow
from tests.central.insight.centres.test_usual import days
from tests.central.insight.public.phone import STATES
from tests.hub.pages.marionette import Firefox, firefox

pytestmark = pytest.mark.timeout(240)
NOON: Final = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
AXE: Final = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
LOOK: Final = """
return axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}).then(
  (found) => JSON.stringify(found.violations.map((one) => one.id + ": " + one.nodes[0].html.slice(0, 120))));
"""


def known() -> Known:
    """Two centres: in one a service stands still."""
    catalogue = load_catalogue()
    groups = {"A": GroupNow(waiting=34, low_s=1800, high_s=4800, today="doubtful"), "B": GroupNow(waiting=1)}

    def centre(code: str, name: str, stopped: str) -> Centre:
        services = [
            ServiceNow(service=one.code, state="interrupted", reason="registry-line", since="2026-11-25T06:40:00Z")
            if one.code == stopped
            else ServiceNow(service=one.code)
            for one in catalogue.services
        ]
        now = CentreNow(state="open", services=services, groups=groups)
        told = Told(WaitingList(clock.as_text(NOON), "2026-11-25", 1, {}, [], now=now), NOON)
        hours = CentreHours(Hours("08:00", "14:00"))
        return Centre(code, {"ar": name, "en": name}, hours, catalogue, told, {}, usual_of(days(40)))

    here, there = centre("homs-main", "المركز الرئيسي", "civil-affairs"), centre("homs-new", "حمص الجديدة", "")
    return Known(NOON, (here, there), catalogue.reasons)


def pages(language: Language) -> dict[str, tuple[bytes, Mapping[str, str]]]:
    """Return every page by its path, with the headers that it is given with."""
    found, by_code = known(), {one.code: one for one in known().centres}
    now = centres_now(found)
    shown: dict[str, tuple[bytes, Mapping[str, str]]] = {
        f"/t/{state}": (ticket.page(status, language), SAFE_TICKET) for state, status in STATES.items()
    }
    shown["/centres"] = centres.list_page(now, by_code, language), SAFE_CENTRES
    of_centre = centres.centre_page(now, by_code, "homs-main", language)
    assert of_centre is not None
    return shown | {"/centres/homs-main": (of_centre, SAFE_CENTRES)}


@contextmanager
def served(shown: Mapping[str, tuple[bytes, Mapping[str, str]]]) -> Iterator[str]:
    files = {f"/t/-/{name}": one for name, one in ticket.assets().items()}
    files |= {f"/centres/-/{name}": one for name, one in centres.assets().items()}

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            headers: Mapping[str, str] = {}
            if path in files:
                body, kind = files[path].content, files[path].kind
            else:
                body, headers = shown.get(path, (b"", {}))
                kind = "text/html; charset=utf-8"
            self.send_response(200)
            for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Firefox]:
    with firefox(tmp_path / "firefox") as running:
        yield running


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_in_any_state(browser: Firefox, language: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    shown = pages(language)
    found: dict[str, Any] = {}
    with served(shown) as url:
        for path in shown:
            browser.open(url + path)
            browser.until("document.readyState === 'complete' && getComputedStyle(document.querySelector('main'))")
            violations = json.loads(browser.run(AXE + LOOK))
            if violations:
                found[path] = violations
    assert found == {}
