"""Every page of the offices, whole, of a town with something of everything, as each role sees it in each language.

What was read and found good is in `told.txt` beside this file, a short hash a page (`tests/kit/told.py`);
`TOLD=record .venv/bin/pytest -p no:randomly tests/central/offices/test_whole_pages.py` takes the pages as they are now.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import quote

import httpx2
import pytest

from central.base import clock
from central.base.config import CentralConfig
from central.base.database.engine import open_engine
from central.keys.keys import KeyRing
from central.offices import operators, sessions
from central.offices.operators import Operator, Role
from central.offices.upkeep import needs
from central.publishing import clerk
from central.server.api.app import create_app
from tests.central.conftest import URL
from tests.central.offices.money import DAY, EXPIRED
from tests.central.offices.posted import MONTH
from tests.central.offices.town import NOW, lay_down
from tests.kit import told

pytestmark = pytest.mark.usefixtures("core_alone")

RECORD: Final = told.Record(Path(__file__).with_name("told.txt"))
PATHS: Final = (
    "needs", "fleet", "fleet?centre=homs-new", "fleet?need=BROKEN&page=2", "kiosks/k2", "kiosks/k3", "kiosks/h1",
    "kiosks/none", "people", "publish", "publish?centre=homs-new", "announcing", "announcing?centre=homs-main",
    "appointments?centre=homs-main&day=2026-11-26&service=civil-affairs", "appointments?day=2026-11-27&service=none",
    f"payments?day={DAY}", "payments?day=soon", f"cashier?number={EXPIRED}", f"messages?month={MONTH}",
    "messages?centre=homs-new", "messages?month=2026-13", "reports", "reports?centre=homs-main&month=2026-11",
    "reports?centre=none", "operations", "login", "",
)  # fmt: skip
ROLES: dict[str, tuple[Role, list[str]]] = {
    "Rana": ("administrator", []),
    "Samer": ("manager", ["homs-main"]),
    "Rami": ("reader", ["homs-new"]),
    "Huda": ("accountant", []),
    "Rima": ("cashier", ["homs-main"]),
}


@pytest.fixture
async def client(config: CentralConfig, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx2.AsyncClient]:
    """The pages over a town in which something of everything has come about; nothing runs beside them."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(needs, "LEAST_BYTES", 0)
    monkeypatch.setattr("central.offices.upkeep.growth.days_left", _enough)
    monkeypatch.setattr(clerk, "_free_sign", lambda taken, _centre: f"{len(taken):02}")  # by which hubs are told them
    engine, ring = open_engine(config.database_url), KeyRing(config.keys_dir)
    async with engine.begin() as connection:
        await lay_down(connection, ring)
    monkeypatch.setattr("central.server.api.app.open_engine", lambda _url: engine)
    app = create_app(replace(config, public_url=URL))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(cast("Any", app)), base_url=URL) as made:
        yield made
    await engine.dispose()


async def _enough(*_: object) -> int:
    return 90


def plain(page: str) -> str:
    """A page without what differs each time: marks of files and of staff, and a form's key."""
    return re.sub(r"\?v=\w+|\b[0-9a-f]{16}\b", "", page)


@pytest.mark.parametrize("name", ROLES)
async def test_each_page_says_what_its_reader_may_see(
    client: httpx2.AsyncClient, config: CentralConfig, name: str
) -> None:
    role, centres = ROLES[name]
    engine = open_engine(config.database_url)
    async with engine.begin() as connection:
        await operators.appoint(connection, name, role, centres)
        token = await sessions.begin(connection, Operator(name, role))
    await engine.dispose()
    for language in ("ar", "en"):
        headers, pages = {"Cookie": f"offices-session={token}; offices-language={language}"}, []
        for path in PATHS:
            answer = await client.get(f"/offices/{path}".rstrip("/"), headers=headers)
            said = f"{answer.status_code} {answer.headers.get('location', '')}\n{plain(answer.text)}"
            pages.append((path, told.whole(said)))
        RECORD.compare(f"{name} {language}", pages)


ENDS: Final = ("0001-01-01", "9999-12-31", "10000-01-01", "-1-01-01", "2026-02-30", "٢٠٢٦-١٢-٠١", "\x00", "2026-W01-1")


@pytest.mark.parametrize("day", ENDS)
async def test_the_ends_of_the_calendar_and_what_is_no_day_fail_no_page(
    client: httpx2.AsyncClient, config: CentralConfig, day: str
) -> None:
    engine = open_engine(config.database_url)
    tokens = {}
    async with engine.begin() as connection:
        for name, (role, centres) in ROLES.items():
            await operators.appoint(connection, name, role, centres)
            tokens[name] = await sessions.begin(connection, Operator(name, role))
    await engine.dispose()
    paths = (
        "appointments?centre=homs-main&service=civil-affairs&day={day}", "payments?day={day}", "messages?month={month}",
        "payments/file?day={day}&form=csv", "reports?centre=homs-main&month={month}", "operations?day={day}",
        "reports/file?centre=homs-main&month={month}&form=csv", "announcing?centre=homs-main&day={day}",
    )  # fmt: skip
    for name, token in tokens.items():
        headers = {"Cookie": f"offices-session={token}; offices-language=en"}
        for path in paths:
            answer = await client.get(f"/offices/{path.format(day=quote(day), month=quote(day[:-3]))}", headers=headers)
            assert answer.status_code < 500, (name, path)
