"""What central tells the machine that watches it: each count by the rows that make it, the warnings and the page."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.enrolled import kiosks
from central.base.tables.keys import app_keys
from central.base.tables.messages import told as messages
from central.base.tables.paid.payments import payments
from central.base.tables.received import chains, contacts, findings, inbox
from central.kiosks.machine import Machine
from central.kiosks.rollout import rollout
from central.offices.upkeep.todo import KINDS
from central.server.api.health import demo_keys, warnings
from central.server.api.metrics import CONDITIONS, Metrics, conditions
from common.protocol.feed_message import DEMO_KEY_UNTIL
from tests.central.conftest import Stage

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
NONE = dict.fromkeys(CONDITIONS, 0)


async def put(connection: AsyncConnection, table: Table, number: int, **row: Any) -> None:
    """Put a row in; what a count does not look at is anything."""
    known: dict[str, Any] = {}
    for column in table.columns:
        if column.nullable or column.server_default is not None or column.name in row:
            continue
        if column.primary_key and column.autoincrement is True:
            continue
        known[column.name] = f"x{number}" if column.type.python_type is str else number
    await connection.execute(insert(table).values(known | row))


async def test_each_count_is_of_what_an_operator_has_to_know(connection: AsyncConnection) -> None:
    assert await conditions(connection) == NONE
    at = clock.as_text(NOW)
    for number, row in enumerate([
        {"id": "k1", "role": "kiosk"}, {"id": "k2", "role": "kiosk"}, {"id": "h1", "role": "hub"},
        {"id": "k3", "role": "kiosk", "revoked_at": at}, {"id": "h2", "role": "hub", "revoked_at": at},
    ]):  # fmt: skip
        await put(connection, kiosks, number, centre="homs-main", enrolled_at="2026-11-25T08:00:00.000000Z", **row)
    await put(connection, contacts, 1, kiosk="k1", at=at)
    states = (None, "waiting", "waiting", "waiting", "opened", "unsealable")
    for number, state in enumerate(states):
        kept = "quarantined" if number < 2 else "applied"
        await put(connection, inbox, number, seal_state=state, result=kept)
    for number, code in enumerate(["unsealable-key", "unsealable-seal", "unsealable", "broken-link", "wrong-digit"]):
        await put(connection, findings, number, code=code)
    await put(connection, findings, 9, code="unsealable-key", settled_at=at)
    for number, (head, most) in enumerate([(3, 3), (3, 4), (0, 1)]):
        await put(connection, chains, number, head_seq=head, max_seq=most)
    told = ["waiting", "waiting", "dropped", "failed", "unknown", "unknown", "handed", "delivered"]
    for number, state in enumerate(told):
        await put(connection, messages, number, state=state)
    paid = [("unknown", None), ("refund-due", "not-taken"), ("refund-due", "reversed"),
            ("refund-due", "reversed"), ("refund-due", "twice"), ("marked", None), ("refunded", "not-taken"),
            ("refunded", "not-taken")]  # fmt: skip
    for number, (state, reason) in enumerate(paid):
        await put(connection, payments, number, state=state, reason=reason)
    assert await conditions(connection) == NONE | {
        "kiosks": 3, "kiosks_quiet": 1, "hubs_quiet": 1, "sealed_waiting": 3, "unsealable": 2, "quarantined": 2,
        "chain_gaps": 2, "messages_waiting": 2, "messages_dropped": 1, "messages_failed": 3, "payments_unknown": 1,
        "payments_refund_due": 4, "payments_unmarked": 1, "payments_reversed": 2, "findings": 5,
    }  # fmt: skip


@pytest.mark.parametrize(("kind", "told"), [("stopped", (1, 0)), ("waits", (0, 1)), (None, (0, 0))])
async def test_a_roll_out_is_stopped_or_waits(
    connection: AsyncConnection, monkeypatch: pytest.MonkeyPatch, kind: str | None, told: tuple[int, int]
) -> None:
    class Hitch:
        def __init__(self) -> None:
            self.kind = kind

    async def hitch(_: object) -> Any:
        return None if kind is None else Hitch()

    monkeypatch.setattr(rollout, "hitch", hitch)
    found = await conditions(connection)
    assert (found["rollout_stopped"], found["rollout_waiting"]) == told


DEMO = (
    "the demo key 00ff of the citizen's app is published: who has it mints paid orders. Take it back: "
    """echo '{"kid":"00ff"}' | central publish app-key-revoked -"""
)
UNSEALABLE = "2 items do not unseal: was a sealing key lost?"
GAPS = "3 chains have a gap: items are missing between others that came"
ODD = "some items do not fit their chain or their code: see `central findings`"


@pytest.mark.parametrize(
    ("demo", "counts", "said"),
    [
        ([], {}, []),
        ([], {"unsealable": 2, "findings": 2}, [UNSEALABLE]),
        ([], {"unsealable": 2, "findings": 3, "chain_gaps": 3}, [UNSEALABLE, GAPS, ODD]),
        ([], {"findings": 1}, [ODD]),
        (["00ff"], {}, [DEMO]),
    ],
)
def test_what_an_operator_should_look_at_is_said_in_plain_words(
    demo: list[str], counts: dict[str, int], said: list[str]
) -> None:
    assert warnings(demo, NONE | counts) == said


async def test_a_demo_key_is_one_by_its_whole_life(connection: AsyncConnection) -> None:
    lives = [(0, DEMO_KEY_UNTIL), (1, DEMO_KEY_UNTIL), (0, DEMO_KEY_UNTIL - 1), (0, DEMO_KEY_UNTIL)]
    for number, (begins, until) in enumerate(lives):
        await put(connection, app_keys, number, kid=f"000{number}", valid_from=begins, valid_until=until)
    assert await demo_keys(connection) == ["0000", "0003"]
    await connection.execute(update(app_keys).where(app_keys.c.kid == "0003").values(revoked_at=9))
    assert await demo_keys(connection) == ["0000"]


async def test_the_machine_that_watches_is_answered_whole(stage: Stage) -> None:
    alive, ready = await stage.client.get("/healthz"), await stage.client.get("/readyz")
    assert (alive.status_code, alive.json()) == (200, {"status": "ok"})
    assert (ready.status_code, ready.json()) == (200, {"status": "ready", "warnings": [], "conditions": NONE})
    page = await stage.client.get("/metrics")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    assert "central_findings 0.0" in page.text.splitlines()


async def test_what_needs_somebody_is_counted_by_kind_until_it_is_mended(stage: Stage) -> None:
    async def counted() -> dict[str, float]:
        page = (await stage.client.get("/metrics")).text
        return {
            name: float(value) for name, value in re.findall(r'^central_needs{kind="(.*)"} (.*)$', page, re.MULTILINE)
        }

    hub = await stage.enrolled_hub()
    for _ in range(2):
        await stage.deliver(await stage.enrolled(), health={"clock": "synced", "paper": "Out"})
    await stage.deliver(hub, health={"version": "1", "out_of_service": "stopped"})
    found = await counted()
    assert (found["kiosk-paper"], found["hub-stopped"], found["kiosk-disk"]) == (2, 1, 0)
    assert list(found) == list(KINDS)
    await stage.deliver(hub, health={"version": "1"})
    assert (await counted())["hub-stopped"] == 0


def lines(metrics: Metrics, **more: Any) -> set[str]:
    page = metrics.page(NONE | {"kiosks": 2}, Path("/nowhere"), **more).decode()
    return {line for line in page.splitlines() if not line.startswith("#") and "_created" not in line}


def test_the_page_tells_each_machine_in_service_and_none_that_has_gone() -> None:
    metrics = Metrics()
    heard = Machine(
        id="k1", role="kiosk", centre="homs-main", digit=2, number=2, heard_at="2026-11-25T09:00:00.000000Z"
    )
    never = Machine(id="h1", role="hub", centre="homs-new", digit=0, number=1)
    first = lines(metrics, machines=[heard, never], backup=NOW)
    at = NOW.timestamp()
    of_kiosk = 'central_machine_heard_at_seconds{centre="homs-main",digit="2",machine="k1",role="kiosk"}'
    of_hub = 'central_machine_heard_at_seconds{centre="homs-new",digit="0",machine="h1",role="hub"}'
    said = {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in first}
    assert (said[of_kiosk], said[of_hub], said["central_backup_made_at_seconds"]) == (at, 0.0, at)
    assert {name: said[f"central_{name}"] for name in CONDITIONS} == NONE | {"kiosks": 2}
    assert not [name for name in said if name.startswith("central_certificate")]
    later = lines(metrics, machines=[never])
    assert not [line for line in later if "homs-main" in line]
    assert "central_backup_made_at_seconds 0.0" in later
