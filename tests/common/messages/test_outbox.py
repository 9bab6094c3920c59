"""The rule of an outbox: by kind at most or at least once, over kills at every moment; never late."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Column, Connection, MetaData, Row, Table, Text, create_engine, select

from common.messages import outbox
from common.messages.kind import KINDS, RULES, Kind, fits
from common.messages.port import Outcome

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
OUTBOX = Table("outbox", MetaData(), *outbox.columns(), Column("said", Text))
ONCE: list[Kind] = [kind for kind in KINDS if RULES[kind].at_most_once]
AGAIN: list[Kind] = [kind for kind in KINDS if not RULES[kind].at_most_once]
S, MIN = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.begin() as opened:
        OUTBOX.create(opened)
        yield opened
    engine.dispose()


def put(connection: Connection, kind: Kind) -> str:
    values = outbox.new(kind, NOW, NOW + timedelta(hours=2))
    connection.execute(outbox.make(OUTBOX, [values]))
    return str(values["id"])


def row(connection: Connection) -> Row[Any]:
    return connection.execute(select(OUTBOX)).one()


def is_due(connection: Connection, now: datetime) -> bool:
    return bool(connection.execute(outbox.due(OUTBOX, now, 10)).all())


def claims(connection: Connection, message: str, kind: Kind, now: datetime = NOW) -> bool:
    return connection.execute(outbox.claim(OUTBOX, message, kind, now)).rowcount == 1


def end(connection: Connection, now: datetime) -> str:
    connection.execute(outbox.close_open(OUTBOX, now))
    connection.execute(outbox.drop_old(OUTBOX, now))
    return str(row(connection).state)


@pytest.mark.parametrize("kind", KINDS)
def test_two_processes_never_hand_one_message_at_a_time(connection: Connection, kind: Kind) -> None:
    message = put(connection, kind)
    assert claims(connection, message, kind)
    assert not claims(connection, message, kind)
    assert not is_due(connection, NOW + S)


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_puts_off_what_another_process_has_claimed(connection: Connection, kind: Kind) -> None:
    message = put(connection, kind)
    assert connection.execute(outbox.wait(OUTBOX, message, NOW, NOW + MIN)).rowcount == 1
    assert claims(connection, message, kind, NOW + MIN)
    claimed = row(connection).until
    assert connection.execute(outbox.wait(OUTBOX, message, NOW + MIN, NOW + 9 * MIN)).rowcount == 0
    assert row(connection).until == claimed


@pytest.mark.parametrize("kind", ONCE)
def test_one_that_was_being_handed_at_a_kill_is_unknown_and_never_said_again(
    connection: Connection, kind: Kind
) -> None:
    message = put(connection, kind)
    claims(connection, message, kind)
    assert end(connection, NOW + MIN) == "handed"
    assert end(connection, NOW + outbox.ANSWERED_WITHIN) == "unknown"
    assert not is_due(connection, NOW + outbox.ANSWERED_WITHIN)


@pytest.mark.parametrize("kind", AGAIN)
def test_one_that_must_arrive_is_handed_again_after_a_kill(connection: Connection, kind: Kind) -> None:
    message = put(connection, kind)
    claims(connection, message, kind)
    after = NOW + outbox.ANSWERED_WITHIN
    assert end(connection, after) == "waiting"
    assert claims(connection, message, kind, after)


@pytest.mark.parametrize(("kind", "outcome"), [(kind, outcome) for kind in KINDS for outcome in ("handed", "failed")])
def test_what_a_channel_has_said_for_good_stands(connection: Connection, kind: Kind, outcome: Outcome) -> None:
    message = put(connection, kind)
    claims(connection, message, kind)
    connection.execute(outbox.answered(OUTBOX, message, kind, outcome, NOW, channel="http", reference="7"))
    assert end(connection, NOW + timedelta(days=9)) == outcome
    assert not is_due(connection, NOW + MIN)


@pytest.mark.parametrize("kind", KINDS)
def test_a_lost_answer_has_only_those_said_again_that_may_be(connection: Connection, kind: Kind) -> None:
    message = put(connection, kind)
    claims(connection, message, kind)
    connection.execute(outbox.answered(OUTBOX, message, kind, "unknown", NOW, channel="http", reference=None))
    assert row(connection).state == ("unknown" if kind in ONCE else "waiting")
    assert not is_due(connection, NOW + 59 * MIN)
    assert is_due(connection, NOW + 60 * MIN) is (kind in AGAIN)
    assert end(connection, NOW + timedelta(days=8)) == "unknown"  # it may have gone out: it was not dropped


@pytest.mark.parametrize("kind", AGAIN)
def test_what_may_have_gone_out_is_said_again_ever_more_rarely_while_it_lives(
    connection: Connection, kind: Kind
) -> None:
    values = outbox.new(kind, NOW, NOW + timedelta(days=7))
    connection.execute(outbox.make(OUTBOX, [values]))
    now, dies_at, pauses = NOW, NOW + timedelta(days=7), list[timedelta]()
    while now < dies_at:
        assert claims(connection, values["id"], kind, now)
        connection.execute(outbox.not_sent(OUTBOX, values["id"], now))  # was not even begun: it counts for nothing
        now = datetime.fromisoformat(row(connection).until)
        assert claims(connection, values["id"], kind, now)
        connection.execute(outbox.answered(OUTBOX, values["id"], kind, "unknown", now, channel="http", reference=None))
        pauses.append(datetime.fromisoformat(row(connection).until) - now)
        now += pauses[-1]
    assert pauses[:-1] == [60 * MIN, 12 * 60 * MIN, *[24 * 60 * MIN] * 6]
    assert now == dies_at, "it does not seem to wait for what would be said too late"
    assert end(connection, dies_at) == "unknown"
    assert connection.scalar(outbox.went_out(OUTBOX, NOW)) == row(connection).sends == 9


@pytest.mark.parametrize("kind", KINDS)
def test_what_no_channel_began_with_waits_ever_longer_and_is_dropped_with_its_life(
    connection: Connection, kind: Kind
) -> None:
    message, now, pauses = put(connection, kind), NOW, []
    for _ in range(4):
        assert claims(connection, message, kind, now)
        connection.execute(outbox.not_sent(OUTBOX, message, now))
        until = datetime.fromisoformat(row(connection).until)
        pauses.append(until - now)
        now = until
    assert pauses == [10 * S, 20 * S, 40 * S, 80 * S]
    dies_at = datetime.fromisoformat(row(connection).dies_at)
    assert not is_due(connection, dies_at)
    assert not claims(connection, message, kind, dies_at)
    assert end(connection, dies_at) == "dropped"


def test_a_report_ends_what_was_handed_and_nothing_else(connection: Connection) -> None:
    message = put(connection, "near")
    connection.execute(outbox.reported(OUTBOX, "modem", "7", "delivered", NOW))
    assert row(connection).state == "waiting"
    claims(connection, message, "near")
    connection.execute(outbox.answered(OUTBOX, message, "near", "handed", NOW, channel="modem", reference="7"))
    for channel, reference in (("http", "7"), ("modem", "8")):
        connection.execute(outbox.reported(OUTBOX, channel, reference, "failed", NOW))
    assert row(connection).state == "handed"
    connection.execute(outbox.reported(OUTBOX, "modem", "7", "delivered", NOW + 10 * MIN))
    assert row(connection).state == "delivered"


def test_a_kind_without_a_life_says_when_it_dies() -> None:
    with pytest.raises(ValueError, match="claim-off"):
        outbox.new("claim-off", NOW)


def test_the_length_is_counted_as_it_is_sent() -> None:
    assert fits("و" * 70)
    assert not fits("و" * 71)
    assert not fits("😀" * 36)  # two units each
