"""Marked personal data through kiosk, hub and central as they run: nothing of it lies open in any file of theirs.

What the kiosk itself leaves, whatever the flow, is tried in `tests/visits/test_canary.py`; here is what comes after it.
"""

import asyncio
import json
import os
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import asyncpg
import httpx2
import pytest
from sqlalchemy import func, select

from central.base.config import load_config
from central.base.database.engine import open_engine
from central.base.database.transactions import reading
from central.base.tables.ordered import opened
from central.base.tables.received import inbox
from central.intake.unsealing import kept
from central.keys.keys import KeyRing
from common.protocol.envelope import decode_body
from demo.processes import Processes
from kiosk.desk.answers import OrderRecorded
from kiosk.desk.desk import new_intention
from kiosk.runtime.parts import open_desk
from kiosk.settings.settings import Settings
from tests.end_to_end.conftest import BIN, KioskByCommand
from tests.hub.commands.processes import Central, HubPlace, Page, central, enrolled_hub, run
from tests.hub.takeover.test_takeover import until
from tests.kit.postgres import fresh_database, running_postgres
from tests.visits.test_canary import PERSON, leaks

pytestmark = pytest.mark.timeout(180)
CARD: Final = {
    "first_name": PERSON[0], "family_name": PERSON[1], "father": PERSON[2], "mother": PERSON[3],
    "birth_place": PERSON[4], "national_number": PERSON[5],
}  # fmt: skip
PHONES: Final = ("+963944718281", "+963933141592")
BLOCK: Final = f"{PERSON[0]} {PERSON[1]}, {PERSON[5]}"


@dataclass
class Lived:
    """A centre that has had personal data in every way that leads behind the kiosk."""

    folder: Path
    there: Central
    database: Path
    hub: HubPlace
    kiosk: str
    items: list[str]
    secrets: list[str]
    recorded: list[str]

    def folders(self) -> dict[str, Path]:
        return {"hub": self.hub.folder, "database": self.database, "everything": self.folder}


def enrolled_kiosk(folder: Path, there: Central) -> tuple[KioskByCommand, str]:
    folder.mkdir()
    (folder / "kiosk.toml").write_text(
        f'[kiosk]\ncentre = "homs-main"\ndata_dir = "var"\n[central]\nurl = "{there.url}"\n'
    )
    kiosk = KioskByCommand(folder / "kiosk.toml")
    code = json.loads(there.command("enrolment-code", "--centre", "homs-main"))["code"]
    name: str = kiosk.done("enrol", "--central", there.url, "--code", code).row["kiosk"]
    kiosk.done("forward", "--once")
    return kiosk, name


def orders_of_both_kinds(kiosk: KioskByCommand, codes: list[str]) -> tuple[list[str], list[str]]:
    """Have codes scanned and an identity card read; give the items, and the numbers that the hub should hear of."""
    with open_desk(Settings(kiosk.settings), printing=False) as desk:
        said = [desk.order(code, intention=new_intention()) for code in codes]
        said.append(desk.order_with_card("civil-affairs", intention=new_intention(), person=CARD))
    recorded = [one for one in said if isinstance(one, OrderRecorded) and one.id is not None]
    assert len(recorded) == len(said) - 1, "all but the one that was over its time"
    return [str(one.id) for one in recorded], [one.ticket.number for one in recorded if one.ticket is not None]


def numbers_at(hub: HubPlace) -> set[str]:
    return {event["number"] for event in hub.lines("events") if event["number"]}


def clumsy_at_the_hub(hub: HubPlace, pin: str, number: str) -> None:
    """A clerk serves somebody and types his national number where it does not belong; strangers ask with names."""
    with Page(hub.url, 1, pin) as page:
        page.press("open")
        reason = f"{PERSON[5]} wants it quickly"
        version = page.press("open").json()["counter"]["version"]
        refused = page.press("out-of-turn", number=number, reason=reason, version=version)
        assert refused.status_code == 400
        assert page.client.post("/v1/counters/1/waiting", json={"reason": reason}).status_code == 422
        called = page.press("next").json()["counter"]
        page.press("came", ticket=called["ticket"]["id"], version=called["version"])
        page.press("done", ticket=called["ticket"]["id"], version=called["version"] + 1)
        assert page.try_press({"press": PERSON[0]}, str(uuid.uuid4())).status_code == 400
        for name in ("number", "reason", "where", "service"):  # and into each field that a hand or a scanner may fill
            for kind in ("resume", "pause", "park", "give"):
                said = {"press": kind, name: PERSON[5], "version": 1}
                assert page.try_press(said, str(uuid.uuid4())).status_code >= 400
    with httpx2.Client(base_url=hub.url, timeout=20) as stranger:
        assert stranger.post("/v1/sessions", json={"pin": PERSON[5], "counter": 1}).status_code == 401
        assert stranger.get("/no-such-page", params={"name": PERSON[0], "number": PERSON[5]}).status_code == 404
        assert stranger.post("/v1/kiosks/kiosk-1/tickets", json={"person": PERSON[0]}).status_code >= 400


def people_to_be_told(there: Central, orders: list[str]) -> None:
    """The app gives a citizen's number, and central that of somebody of the staff; both are written to, in vain."""
    token = json.loads(there.command("system", "give", "app", "--may", "order-states"))["token"]
    headers = {"Authorization": f"Bearer {token}"}
    for order in orders:
        path = f"{there.url}/v1/orders/{order}/contact"
        assert httpx2.put(path, json={"phone": PHONES[0]}, headers=headers, timeout=20).status_code == 204
        assert httpx2.put(path, json={"phone": f"{PHONES[0]}x"}, headers=headers, timeout=20).status_code == 422
        there.command("say", "--kind", "order-ready", "--order", order)
    staff = [{"number": PHONES[1], "name": PERSON[0], "kinds": ["staff-alarm"]}]
    there.command("publish", "messages", "-", stdin=json.dumps({"centre": None, "kinds": ["near"], "staff": staff}))


def strangers_at_central(url: str) -> None:
    with httpx2.Client(base_url=url, timeout=20) as stranger:
        assert stranger.get("/no-such-page", params={"name": PERSON[0], "number": PERSON[5]}).status_code == 404
        assert stranger.post("/v1/kiosks/kiosk-1/batches", json={"person": PERSON[0]}).status_code >= 400
        assert stranger.post("/v1/enrolments", json={"code": PERSON[5], "public_key": PERSON[1]}).status_code >= 400


@contextmanager
def database_of(kind: str, central_folder: Path) -> Iterator[Path]:
    """Choose where central keeps its database, for the commands that follow; yield the folder of its files."""
    if kind == "sqlite":
        yield central_folder
        return
    with running_postgres(durable=True) as server, pytest.MonkeyPatch.context() as environment:
        environment.setenv("CENTRAL_DATABASE", fresh_database(server))
        run("central", "migrate", "--data", str(central_folder), fresh=True)
        yield asyncio.run(folder_of(server)).parent  # the server's log lies beside its data


async def folder_of(server: str) -> Path:
    connection = await asyncpg.connect(server)
    try:
        return Path(await connection.fetchval("SELECT current_setting('data_directory')"))
    finally:
        await connection.close()


async def rows_at(there: Central, wanted: Any) -> list[Any]:
    engine = open_engine(load_config(there.data, os.environ.get("CENTRAL_DATABASE")).database_url)
    try:
        async with reading(engine) as connection:
            return list((await connection.execute(wanted)).all())
    finally:
        await engine.dispose()


def opened_at(there: Central) -> int:
    ((count,),) = asyncio.run(rows_at(there, select(func.count()).select_from(opened)))
    return int(count)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.proof)])
def lived(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    tmp_path = tmp_path_factory.mktemp("centre")
    with ExitStack() as alive:
        files = alive.enter_context(database_of(request.param, tmp_path / "central"))
        there = alive.enter_context(central(tmp_path, fresh=request.param == "postgres"))
        hub = enrolled_hub(tmp_path / "hub", there)
        pin = there.pin("رنا")
        hub.command("forward", "--once")
        minted = [
            json.loads(there.command("order-code", "--service", "civil-affairs", "--sealed", BLOCK, *more))["code"]
            for more in ([], ["--unpaid"], ["--expires-in", "-5"])
        ]
        kiosk, name = enrolled_kiosk(tmp_path / "kiosk", there)
        hub.command("forward", "--once")  # central says which kiosks there are
        alive.enter_context(hub.serving())
        processes = alive.enter_context(Processes(tmp_path))
        items, numbers = orders_of_both_kinds(kiosk, minted)
        numbers.append(kiosk.done("issue", "--no-print", "--service", "clearance").row["number"])
        processes.start("forward", [str(BIN / "kiosk"), "forward", "--config", str(kiosk.settings)])
        until(lambda: numbers_at(hub) >= set(numbers))
        until(lambda: opened_at(there) >= len(items))
        clumsy_at_the_hub(hub, pin, numbers[0])
        strangers_at_central(there.url)
        people_to_be_told(there, ["0" * 32])
        for _ in range(2):  # the second brings what is told to a hub that has said its version
            hub.command("forward", "--once")
        hub.command("say", "--text", "a trial")
        recorded = [*PERSON, *(code[20:60] for code in minted[:2])]
        yield Lived(
            tmp_path,
            there,
            files,
            hub,
            name,
            items,
            [*recorded, minted[2][20:60], pin, *(one[1:] for one in PHONES)],
            recorded,
        )


async def read_at(there: Central, kiosk: str, items: list[str]) -> list[Any]:
    """Open items as an official who says who he is."""
    config = load_config(there.data, os.environ.get("CENTRAL_DATABASE"))
    engine = open_engine(config.database_url)
    try:
        async with reading(engine) as connection:
            ring = KeyRing(config.keys_dir)
            return [await kept.read(connection, ring.vault(), kiosk, item) for item in items]
    finally:
        await engine.dispose()


def test_nothing_personal_lies_open_in_the_folders_of_hub_and_central_nor_in_any_log(lived: Lived) -> None:
    logs = [lived.folder / "central.log", lived.hub.folder / "serve.log", lived.folder / "forward.log"]
    assert [log.name for log in logs if not log.exists()] == []
    for folder in lived.folders().values():
        assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) > 100_000
        assert leaks(folder, lived.secrets) == []


def test_central_has_it_all_the_same_sealed_at_rest(lived: Lived) -> None:
    found = asyncio.run(read_at(lived.there, lived.kiosk, lived.items))
    told = json.dumps([(one.content, one.personal) for one in found if one is not None], ensure_ascii=False)
    assert [secret for secret in lived.recorded if secret not in told] == []


def test_the_hub_has_no_sealed_part_either(lived: Lived) -> None:
    """Not even what only central could open has gone to the hub."""
    wanted = select(inbox.c.kind, inbox.c.body).where(inbox.c.seal_state == "opened")
    rows = asyncio.run(rows_at(lived.there, wanted))
    sealed = [part.data for kind, body in rows if (part := decode_body(kind, body).sealed) is not None]
    assert len(sealed) == len(lived.items)
    assert leaks(lived.database, [part[20:80] for part in sealed]) != [], "the search finds them where they are"
    assert leaks(lived.hub.folder, [part[20:80] for part in sealed]) == []
