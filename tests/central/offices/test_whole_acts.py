"""What each form of the offices' pages answers and writes down, whole: done, refused, sent by somebody who may not.

What was read and found good is in `told.txt` beside this file, a short hash an answer (`tests/kit/told.py`);
`TOLD=record .venv/bin/pytest -p no:randomly tests/central/offices/test_whole_acts.py` takes the answers as they are.
"""

import io
import json
import re
from typing import Any, Final

import httpx2
import msgspec
import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from central.base.config import CentralConfig
from central.base.database.engine import open_engine
from central.base.tables.claimed import claims
from central.base.tables.people import operations
from central.base.tables.told import feed
from central.offices import operators, sessions
from central.offices.operators import Operator
from central.publishing.spreadsheet import write_form
from central.server.office_files import process, worker
from central.server.office_files.job import Order, Outcome
from tests.central.conftest import URL
from tests.central.offices.money import DAY
from tests.central.offices.test_whole_pages import RECORD, ROLES, client, plain  # noqa: F401 - a fixture by its name
from tests.kit import told

pytestmark = pytest.mark.usefixtures("core_alone")

Form = dict[str, str | list[str]]
SAMER = {"kind": "technician", "name": " Samer ", "centre": "homs-main", "role": "technician"}
STAFF = {"number": "+963 933 000 333", "name": "Sami", "centre": "homs-main", "language": "en", "kinds": "paper-out"}
FEAST = {"date": "2026-12-26", "name_ar": "عيد", "name_en": "Feast"}
CARD = {"begins": "2026-11-25", "until": "2026-11-30", "text_ar": "نص", "text_en": "Text", "kiosk": "1", "page": "1"}
OF = {"centre": "homs-main", "day": "2026-11-26"}
CALL = OF | {
    "service": "civil-affairs",
    "at": "2026-11-26T10:30:00+03:00",
    "who": "٤٣٢١",
    "people": "1",
    "key": "k" * 32,
}
HALF = OF | {"group": "A", "half_hour": "10:30", "seats": "5"}
DUE, OPEN = "01010102-0101-4101-8101-010101010101", "01010103-0101-4101-8101-010101010101"
SENT: Final[list[tuple[str, str, Form]]] = [
    ("Samer", "people/appoint", {**SAMER}), ("Samer", "people/appoint", {**SAMER, "kind": "clerk", "role": "manager"}),
    ("Samer", "people/appoint", {**SAMER, "role": "king"}),
    ("Samer", "people/appoint", {**SAMER, "centre": "homs-new"}),
    ("Rami", "people/appoint", {**SAMER, "centre": "homs-new"}), ("Rana", "people/appoint", {**SAMER, "name": ""}),
    ("Rana", "people/withdraw", {**SAMER, "centre": "homs-new"}), ("Rana", "people/withdraw", {**SAMER, "kind": "x"}),
    ("Rana", "people/withdraw", {"kind": "clerk", "name": "Rima", "centre": "homs-new"}),
    ("Rana", "people/withdraw", {"kind": "clerk", "name": "Rima", "centre": "homs-new"}),
    ("Rana", "people/code", {"centre": "homs-new", "role": "hub"}), ("Rana", "people/code", {"centre": "homs-new"}),
    ("Rana", "people/code", {"code": "x0"}), ("Rana", "people/code", {"code": "x0"}),
    ("Samer", "people/code", {"code": "x1"}), ("Samer", "people/staff", {**STAFF}),
    ("Samer", "people/staff", {**STAFF, "kinds": ["paper-out", "staff-alarm"], "language": "ar"}),
    ("Samer", "people/staff", {**STAFF, "kinds": ""}), ("Samer", "people/staff", {**STAFF, "name": " "}),
    ("Samer", "people/staff", {**STAFF, "number": "12"}), ("Samer", "people/staff", {**STAFF, "kinds": "feast"}),
    ("Samer", "people/staff", {**STAFF, "mark": "none"}), ("Rami", "people/staff", {**STAFF, "centre": "homs-new"}),
    ("Samer", "people/address", {"code": "x1", "address": "https://hub.example:8090"}),
    ("Rana", "people/address", {"code": "x1", "address": "https://other"}),
    ("Rana", "people/address", {"code": "x1", "address": "https://hub.example:8090"}),
    ("Rana", "kiosks/k1/revoke", {"sure": "0"}), ("Rana", "kiosks/k1/revoke", {"sure": "1"}),
    ("Samer", "kiosks/k4/revoke", {"sure": "1"}), ("Samer", "kiosks/k2/mute", {"on": "1"}),
    ("Samer", "kiosks/k3/mute", {"on": "0"}), ("Rami", "kiosks/k4/mute", {"on": "1"}),
    ("Rana", "publish/hours", {"opens": "09:00", "closes": "13:00"}),
    ("Rana", "publish/hours", {"opens": "13:00", "closes": "09:00", "centre": "homs-new"}),
    ("Samer", "publish/hours", {"opens": "", "closes": "", "centre": "homs-main"}), ("Samer", "publish/hours", {}),
    ("Rana", "announcing/days", {**FEAST}),
    ("Rana", "announcing/days", {**FEAST, "opens": "10:00", "centre": "homs-new"}),
    ("Samer", "announcing/days", {**FEAST, "opens": "10:00", "closes": "12:00", "centre": "homs-main"}),
    ("Samer", "announcing/days/back", {"name": "2026-12-26", "centre": "homs-main"}),
    ("Rana", "announcing/days/back", {"name": "2026-12-26"}), ("Rana", "announcing/days/back", {"name": "soon"}),
    ("Rana", "announcing/notices", {**CARD}), ("Rana", "announcing/notices", {**CARD, "kiosk": "", "page": ""}),
    ("Samer", "announcing/notices", {**CARD, "centre": "homs-main", "board": "1"}),
    ("Samer", "announcing/notices/back", {"name": "card", "centre": "homs-main"}),
    ("Rami", "announcing/notices/back", {"name": "card", "centre": "homs-new"}), ("Samer", "appointments", {**CALL}),
    ("Samer", "appointments", {**CALL}), ("Samer", "appointments", {**CALL, "key": "l" * 32}),
    ("Samer", "appointments", {**CALL, "who": "432"}),
    ("Samer", "appointments", {**CALL, "key": "l" * 32, "service": "none"}), ("Rami", "appointments", {**CALL}),
    ("Rana", "appointments", {**CALL, "key": "m" * 32, "at": "2026-11-26T11:00:00+03:00"}),
    ("Samer", "appointments/capacity", {**HALF}), ("Samer", "appointments/capacity", {**HALF, "half_hour": ""}),
    ("Samer", "appointments/capacity", {**HALF, "group": "Z"}),
    ("Samer", "appointments/capacity", {**HALF, "day": "x"}),
    ("Samer", "appointments/capacity/back", {**OF, "change": "1"}),
    ("Samer", "appointments/capacity/back", {**OF, "change": "99"}),
    ("Samer", "appointments/ends", {**OF, "digits": "1"}), ("Samer", "appointments/ends", {**OF, "digits": "DIGITS"}),
    ("Samer", "appointments/ends", {**OF, "digits": "DIGITS"}),
    ("Huda", "payments/refund", {"payment": DUE, "day": DAY}),
    ("Huda", "payments/refund", {"payment": DUE, "day": DAY}),
    ("Rana", "payments/refund", {"payment": DUE, "day": DAY}),
    ("Samer", "payments/refund", {"payment": DUE, "day": DAY}),
    ("Rima", "cashier", {"payment": OPEN, "number": "261125-7PXK-2M4N-8QRS"}), ("Huda", "cashier", {"payment": OPEN}),
    ("Rima", "cashier", {"payment": OPEN, "number": "261125-7PXK-2M4N-8QRS"}), ("Rima", "cashier", {"payment": "x"}),
    ("Rana", "language", {"to": "ar"}), ("", "language", {"to": "en"}), ("", "people/code", {"code": "x1"}),
    ("", "login", {"name": "Rana", "password": "x", "code": "000000"}), ("Rami", "logout", {}), ("", "logout", {}),
]  # fmt: skip
FILES: Final = (
    ("Rana", "reports/file?centre=homs-main&month=2026-11&form=csv"),
    ("Rana", "reports/file?centre=homs-main&month=2026-11&form=json"),
    ("Rana", "reports/file?centre=homs-main&month=2026-13&form=csv"),
    ("Samer", "reports/file?centre=homs-new&month=2026-11&form=csv"), ("Rana", f"payments/file?day={DAY}&form=csv"),
    ("Rana", f"payments/file?day={DAY}"), ("Samer", f"payments/file?day={DAY}"), ("Rana", "publish/form"),
    ("Rana", "publish/form?centre=none"), ("Samer", "publish/form"), ("", "publish/form"),
)  # fmt: skip
ENTRY = {"code": "plan-copy", "daily_quota": 7, "main": True}


@pytest.fixture
async def cookies(config: CentralConfig, client: httpx2.AsyncClient) -> dict[str, str]:  # noqa: F811
    """Everybody of each role is logged in; "" is nobody."""
    engine, found = open_engine(config.database_url), {"": "offices-language=en"}
    async with engine.begin() as connection:
        for name, (role, centres) in ROLES.items():
            await operators.appoint(connection, name, role, centres)
            token = await sessions.begin(connection, Operator(name, role))
            found[name] = f"offices-session={token}; offices-language=en"
    await engine.dispose()
    return found


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read and written here, as the process with limits does it."""

    async def work(_: process.OfficeFiles, order: bytes) -> Outcome:
        done = worker.done(msgspec.msgpack.decode(order, type=Order).job)
        return msgspec.msgpack.decode(msgspec.msgpack.encode(done), type=Outcome)

    monkeypatch.setattr(process.OfficeFiles, "_in_process", work)


async def written(config: CentralConfig, *queries: Any) -> list[list[tuple[Any, ...]]]:
    engine = open_engine(config.database_url)
    async with engine.connect() as connection:
        found = [[tuple(row) for row in await connection.execute(query)] for query in queries]
    await engine.dispose()
    return found


def whole(answer: httpx2.Response) -> str:
    """An answer without what differs each time: secrets that are shown once, and what `plain` takes out."""
    headers = {name: answer.headers[name] for name in ("location", "content-disposition") if name in answer.headers}
    text = plain(answer.text)
    if answer.content[:2] == b"PK":
        book = load_workbook(io.BytesIO(answer.content))
        text = str([(sheet.title, list(sheet.iter_rows(values_only=True))) for sheet in book])
    text = re.sub(r'(class="secret"[^>]*>(?:<bdi dir="ltr">)?)[0-9A-Z ]+', r"\1", text)
    return told.whole(f"{answer.status_code} {headers}\n{text}")


ACTS = select(operations.c.operator, operations.c.act, operations.c.detail).order_by(operations.c.id)
FEED = select(feed.c.kind, feed.c.centre, feed.c.kiosk, feed.c.body).order_by(feed.c.id)


async def test_each_form_answers_and_writes_down_what_was_found_good(
    client: httpx2.AsyncClient,  # noqa: F811
    config: CentralConfig,
    cookies: dict[str, str],
) -> None:
    said: list[tuple[str, str]] = []
    [before, known] = await written(config, ACTS, FEED)
    for number, (who, path, form) in enumerate(SENT):
        [made] = await written(config, select(claims.c.digits))
        sent = {**form, "digits": made[0][0]} if form.get("digits") == "DIGITS" else form
        answer = await client.post(f"/offices/{path}", data=sent, headers={"origin": URL, "Cookie": cookies[who]})
        said.append((f"{number} {who} {path}", whole(answer)))
        client.cookies.clear()
    [acts, messages] = await written(config, ACTS, FEED)
    secrets = ("pin_hash", "sign", "sealed", "mark")
    bodies = [(kind, centre, kiosk, json.loads(body)) for kind, centre, kiosk, body in messages[len(known) :]]
    plainer = re.sub(rf"'({'|'.join(secrets)})': '[^']*'", r"'\1'", re.sub(r"clerk-\w+", "", str(bodies)))
    said += [("acts", told.whole(acts[len(before) :])), ("feed", told.whole(plainer))]
    RECORD.compare("acts", said)


async def test_each_file_holds_what_was_found_good(
    client: httpx2.AsyncClient,  # noqa: F811
    config: CentralConfig,
    cookies: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = []
    for who, path in FILES:
        answer = await client.get(f"/offices/{path}", headers={"Cookie": cookies[who]})
        said.append((f"{who} {path}", whole(answer)))
    for who, name, look, entries in (
        ("Rana", "a.xlsx", "1", [ENTRY]), ("Rana", "a.xlsx", "", [ENTRY]), ("Samer", "a.xlsx", "", [ENTRY]),
        ("Rana", "a.xlsx", "", [{"code": "none"}]), ("Rana", "a.doc", "", [ENTRY]), ("Rami", "a.xlsx", "1", [ENTRY]),
    ):  # fmt: skip
        centre = "" if who == "Rana" else "homs-main"
        answer = await client.post(
            "/offices/publish/catalogue", data={"centre": centre, "look": look},
            files={"file": (name, write_form(entries))}, headers={"origin": URL, "Cookie": cookies[who]},
        )  # fmt: skip
        said.append((f"{who} {name} {look}", whole(answer)))

    async def fail(*_: object) -> Outcome:
        raise process.JobFailed("the file takes too much time or memory")

    monkeypatch.setattr(process.OfficeFiles, "_in_process", fail)
    answer = await client.get("/offices/publish/form", headers={"Cookie": cookies["Rana"]})
    said.append(("too large", f"{answer.headers['retry-after']} {whole(answer)}"))
    [acts] = await written(config, ACTS)
    RECORD.compare("files", [*said, ("acts", told.whole(acts[-6:]))])
