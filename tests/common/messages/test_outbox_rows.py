"""The statements of an outbox on rows of every kind: exactly which they change, and to what."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, MetaData, Table, create_engine, insert, select

from common.messages import outbox

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
OUTBOX = Table("outbox", MetaData(), *outbox.columns())
US, MINUTE = timedelta(microseconds=1), timedelta(minutes=1)


def text(after: timedelta = timedelta()) -> str:
    return outbox.as_text(NOW + after)


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.begin() as opened:
        OUTBOX.create(opened)
        yield opened
    engine.dispose()


def put(connection: Connection, name: str, **values: Any) -> None:
    plain = {
        "id": name, "kind": "near", "made_at": text(), "dies_at": text(5 * MINUTE), "state": "waiting", "tries": 0,
        "sends": 0,
    }  # fmt: skip
    connection.execute(insert(OUTBOX).values(plain | values))


def row(connection: Connection, name: str = "a") -> dict[str, Any]:
    return dict(connection.execute(select(OUTBOX).where(OUTBOX.c.id == name)).mappings().one())


def due(connection: Connection, most: int = 10) -> list[str]:
    return [one.id for one in connection.execute(outbox.due(OUTBOX, NOW, most))]


def test_what_is_due_comes_by_its_end_and_no_more_than_is_asked_for(connection: Connection) -> None:
    put(connection, "late", dies_at=text(9 * MINUTE))
    put(connection, "soon", dies_at=text(US), made_at=text(-MINUTE))
    put(connection, "soon too", dies_at=text(US))
    put(connection, "over", dies_at=text())
    put(connection, "not yet", until=text(US))
    put(connection, "from now", until=text(), dies_at=text(2 * US))
    put(connection, "handed", state="handed")
    assert due(connection) == ["soon", "soon too", "from now", "late"]
    assert due(connection, 2) == ["soon", "soon too"]


@pytest.mark.parametrize(("kind", "state", "handed_at"), [("near", "handed", text()), ("order-ready", "waiting", None)])
def test_a_claim_holds_a_message_for_two_minutes(
    connection: Connection, kind: Any, state: str, handed_at: str | None
) -> None:
    put(connection, "a", kind=kind, sends=3)
    put(connection, "b", kind=kind)
    assert connection.execute(outbox.claim(OUTBOX, "a", kind, NOW)).rowcount == 1
    found = row(connection)
    assert (found["state"], found["until"], found["sends"], found["handed_at"]) == (
        state, text(2 * MINUTE), 4, handed_at,
    )  # fmt: skip
    assert row(connection, "b")["until"] is None
    assert connection.execute(outbox.claim(OUTBOX, "a", kind, NOW)).rowcount == 0


def test_what_nobody_has_claimed_may_be_put_off_or_dropped(connection: Connection) -> None:
    put(connection, "a")
    put(connection, "sent before", handed_at=text(-MINUTE))
    put(connection, "claimed", until=text(MINUTE))
    put(connection, "handed", state="handed")
    for name in ("a", "sent before", "claimed", "handed"):
        connection.execute(outbox.drop(OUTBOX, name, NOW))
    states = {name: (row(connection, name)["state"], row(connection, name)["until"]) for name in ("a", "sent before")}
    assert states == {"a": ("dropped", None), "sent before": ("unknown", None)}
    assert [row(connection, name)["state"] for name in ("claimed", "handed")] == ["waiting", "handed"]
    put(connection, "b")
    assert connection.execute(outbox.wait(OUTBOX, "b", NOW, NOW + MINUTE)).rowcount == 1
    assert row(connection, "b")["until"] == text(MINUTE)
    assert connection.execute(outbox.wait(OUTBOX, "b", NOW, NOW + 2 * MINUTE)).rowcount == 0


def test_an_answer_ends_a_claim_alone(connection: Connection) -> None:
    put(connection, "a", until=text(MINUTE))
    put(connection, "b")
    for name in ("a", "b"):
        said = outbox.answered(OUTBOX, name, "near", "handed", NOW, channel="http", reference="7")
        assert connection.execute(said).rowcount == (1 if name == "a" else 0)
    found = row(connection)
    assert {name: found[name] for name in ("state", "until", "handed_at", "channel", "reference")} == {
        "state": "handed", "until": None, "handed_at": text(), "channel": "http", "reference": "7",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("sends", "dies", "until"),
    [
        (1, timedelta(days=7), timedelta(hours=1)),
        (2, timedelta(days=7), timedelta(hours=12)),
        (3, timedelta(days=7), timedelta(days=1)),
        (9, timedelta(days=7), timedelta(days=1)),
        (1, 30 * MINUTE, 30 * MINUTE),
    ],
)
def test_what_may_have_gone_out_waits_ever_longer_and_never_beyond_its_life(
    connection: Connection, sends: int, dies: timedelta, until: timedelta
) -> None:
    put(connection, "a", kind="order-ready", until=text(MINUTE), sends=sends, dies_at=text(dies), reference="r")
    unsure = outbox.answered(OUTBOX, "a", "order-ready", "unknown", NOW, channel="http", reference=None)
    connection.execute(unsure)
    found = row(connection)
    assert (found["state"], found["until"], found["handed_at"], found["channel"], found["reference"]) == (
        "waiting", text(until), text(), "http", "r",
    )  # fmt: skip


@pytest.mark.parametrize(("tries", "pause_s"), [(0, 10), (1, 20), (5, 320), (6, 640), (7, 900), (8, 900), (50, 900)])
def test_what_was_not_begun_waits_up_to_a_quarter_of_an_hour(connection: Connection, tries: int, pause_s: int) -> None:
    put(connection, "a", until=text(MINUTE), tries=tries, sends=1, state="handed", handed_at=text())
    put(connection, "b", sends=1)
    for name in ("a", "b"):
        connection.execute(outbox.not_sent(OUTBOX, name, NOW))
    found = row(connection)
    assert (found["state"], found["until"], found["tries"], found["sends"], found["handed_at"]) == (
        "waiting", text(timedelta(seconds=pause_s)), tries + 1, 0, None,
    )  # fmt: skip
    assert row(connection, "b")["sends"] == 1
    put(connection, "again", until=text(MINUTE), sends=2, handed_at=text(-MINUTE))
    connection.execute(outbox.not_sent(OUTBOX, "again", NOW))
    assert row(connection, "again")["handed_at"] == text(-MINUTE)


def test_what_was_under_way_at_a_kill_or_in_a_copy_is_unknown_where_it_must_not_be_said_twice(
    connection: Connection,
) -> None:
    rows = {
        "killed": {"state": "handed", "until": text()}, "still": {"state": "handed", "until": text(US)},
        "done": {"state": "handed"}, "again": {"state": "handed", "until": text(), "kind": "order-ready"},
        "waits": {"made_at": text(-US)}, "new": {"made_at": text()},
        "waits again": {"made_at": text(-US), "kind": "claim-off"},
    }  # fmt: skip
    for name, values in rows.items():
        put(connection, name, **values)
    connection.execute(outbox.close_open(OUTBOX, NOW))
    assert [name for name in rows if row(connection, name)["state"] == "unknown"] == ["killed"]
    assert row(connection, "killed")["until"] is None
    connection.execute(outbox.close_before(OUTBOX, text()))
    assert [name for name in rows if row(connection, name)["state"] == "unknown"] == ["killed", "waits"]


def test_what_is_too_old_is_dropped_and_what_may_have_gone_out_unknown(connection: Connection) -> None:
    over = {"dies_at": text()}
    rows: dict[str, dict[str, Any]] = {
        "over": over, "sent": over | {"handed_at": text(-MINUTE)}, "claimed": over | {"until": text(US)},
        "free": over | {"until": text()}, "lives": {"dies_at": text(US)}, "handed": over | {"state": "handed"},
    }  # fmt: skip
    for name, values in rows.items():
        put(connection, name, **values)
    connection.execute(outbox.drop_old(OUTBOX, NOW))
    assert {name: row(connection, name)["state"] for name in rows} == {
        "over": "dropped", "sent": "unknown", "claimed": "waiting", "free": "dropped", "lives": "waiting",
        "handed": "handed",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "is_noted"),
    [
        ({}, True), ({"state": "unknown"}, False), ({"channel": "http"}, False), ({"reference": "8"}, False),
        ({"made_at": text(-timedelta(days=3))}, False), ({"made_at": text(US - timedelta(days=3))}, True),
    ],
)  # fmt: skip
def test_a_report_is_of_a_message_of_the_last_three_days(
    connection: Connection, changed: dict[str, Any], is_noted: bool
) -> None:
    put(connection, "a", **{"state": "handed", "channel": "modem", "reference": "7"} | changed)
    connection.execute(outbox.reported(OUTBOX, "modem", "7", "delivered", NOW))
    assert (row(connection)["state"] == "delivered") is is_noted


def test_messages_are_listed_by_age_and_counted_by_what_went_out(connection: Connection) -> None:
    put(connection, "b", made_at=text(-MINUTE), handed_at=text(US), channel="http", sends=2)
    put(connection, "c", state="handed", handed_at=text(), channel="http", sends=5)
    put(connection, "a", state="handed", handed_at=text(US), channel="app", sends=7)
    listed = connection.execute(outbox.listing(OUTBOX, None)).mappings().all()
    assert [one["id"] for one in listed] == ["b", "a", "c"]
    assert list(listed[0]) == ["id", "kind", "channel", "made_at", "dies_at", "state"]
    assert [one.id for one in connection.execute(outbox.listing(OUTBOX, "handed"))] == ["a", "c"]
    assert connection.scalar(outbox.went_out(OUTBOX, NOW)) == 2
    assert connection.scalar(outbox.went_out(OUTBOX, NOW + MINUTE)) == 0
    assert connection.scalar(outbox.went_out(OUTBOX, NOW - US, OUTBOX.c.kind == "near")) == 7


def test_how_long_a_message_is_of_use_is_never_less_than_nothing() -> None:
    assert [outbox.left_s(text(after), NOW) for after in (MINUTE, timedelta(), -MINUTE)] == [60.0, 0.0, 0.0]
