"""How long each kind of message is of use, which may be said twice, and which also at night."""

from datetime import UTC, datetime, timedelta

import pytest

from common.messages import outbox
from common.messages.kind import ALARMS, KINDS, RULES, Kind, fits

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("kind", "life", "is_said_once", "is_said_at_night"),
    [
        ("order-ready", 7 * 24 * 60 * MINUTE, False, False),
        ("claim-tomorrow", None, True, False),
        ("claim-off", None, False, False),
        ("near", 5 * MINUTE, True, True),
        ("works-again", 30 * MINUTE, True, False),
        ("staff-alarm", 60 * MINUTE, True, True),
        ("staff-need", 7 * 24 * 60 * MINUTE, False, False),
    ],
)
def test_a_message_dies_with_its_use(
    kind: Kind, life: timedelta | None, is_said_once: bool, is_said_at_night: bool
) -> None:
    assert (RULES[kind].at_most_once, RULES[kind].at_night) == (is_said_once, is_said_at_night)
    own = NOW + timedelta(days=2)
    made = outbox.new(kind, NOW, own)
    assert made["dies_at"] == outbox.as_text(own if life is None else NOW + life)
    assert (made["state"], made["tries"], made["sends"], made["made_at"]) == ("waiting", 0, 0, outbox.as_text(NOW))


def test_every_kind_and_every_alarm_has_its_rule() -> None:
    assert RULES.keys() == set(KINDS)
    assert len(KINDS) == 7
    assert len(set(ALARMS)) == 8


@pytest.mark.parametrize(("text", "is_one"), [("", True), ("x" * 70, True), ("x" * 71, False), ("😀" * 35, True)])
def test_a_text_is_one_up_to_seventy_letters(text: str, is_one: bool) -> None:
    assert fits(text) is is_one
