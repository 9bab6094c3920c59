"""A centre's connection as an alarm: what is no answer of central's, by whatever channel is left."""

import pytest

from hub.messages import alarms
from hub.messages.conditions import AFTER_S
from offline_store.alarms import clear_alarm, raise_alarm
from offline_store.delivery.delivery_status import UNREACHABLE, record_failure, record_success
from tests.hub.messages.conftest import MANAGER, TECHNICIAN, Desk
from tests.hub.messages.test_alarms import QUARTER


def cut_internet(desk: Desk) -> None:
    with desk.hall.hub.store.write() as connection:
        raise_alarm(connection, UNREACHABLE, "no route", desk.hall.clock.now())


def test_without_internet_it_is_at_the_modem_within_a_minute_of_falling_due(desk: Desk) -> None:
    cut_internet(desk)
    for _ in range(30):
        assert desk.look(after_s=59) == []
    sent: list[str] = []
    waited = 0
    while not sent:
        sent = desk.look(after_s=5)
        waited += 5
    assert waited + 30 * 59 <= AFTER_S["no-internet"] + 60
    assert [number for _, number, _ in desk.modem.sent] == [TECHNICIAN, MANAGER]
    assert "No internet since" in desk.modem.sent[1][2]
    with desk.hall.hub.store.write() as connection:
        clear_alarm(connection, UNREACHABLE)
    assert desk.look(after_s=QUARTER) == []


def fails(desk: Desk, code: str) -> None:
    """Let delivery to central fail as the forwarder notes it."""
    record_failure(desk.hall.hub.store, desk.hall.clock.now(), code, "as a test says", 60)


@pytest.mark.parametrize(
    ("code", "words_said"),
    [
        ("timeout", "No internet since"),
        ("tls", "No trusted answer from central since"),  # a provider's page stands in the way
        ("unverified", "No trusted answer from central since"),
        ("status-302", "No trusted answer from central since"),
        ("status-511", "No trusted answer from central since"),
        ("status-503", "Central: trouble since"),  # by its own certificate
        ("status-429", "Central: trouble since"),
    ],
)
def test_what_is_no_answer_of_centrals_own_is_no_connection_and_a_fault_of_central_is_called_so(
    desk: Desk, code: str, words_said: str
) -> None:
    fails(desk, code)
    assert desk.look() == []
    assert desk.look(after_s=AFTER_S["no-internet"] - 1) == []
    _, english = desk.look(after_s=1)
    assert words_said in english
    record_success(desk.hall.hub.store, desk.hall.clock.now())
    assert desk.look(after_s=QUARTER) == []
    with desk.hall.hub.store.read() as connection:
        assert alarms.standing_alarms(connection) == []


@pytest.mark.parametrize("code", ["partial", "refused", "too-slow", "unauthorised"])
def test_what_central_itself_says_is_no_lack_of_internet(desk: Desk, code: str) -> None:
    fails(desk, code)
    desk.look()
    assert desk.look(after_s=AFTER_S["no-internet"] + QUARTER) == []


def test_what_ails_the_connection_changes_and_it_is_one_alarm_with_words_of_its_own(desk: Desk) -> None:
    for code in ("dns", "tls", "timeout", "tls"):
        fails(desk, code)
        assert desk.look() == []
        desk.hall.passes(AFTER_S["no-internet"] / 4)
    _, english = desk.look()
    assert "No trusted answer from central" in english
    digits = desk.digits()
    for code, words_said in (("no-route", "No internet since"), ("status-502", "Central: trouble since")):
        fails(desk, code)
        assert desk.look() == []
        _, english = desk.look(after_s=QUARTER + 1)
        assert words_said in english
        assert desk.digits() == digits
    desk.hears(digits, MANAGER)
    (answer,) = desk.look()
    assert digits in answer
    fails(desk, "tls")
    assert desk.look(after_s=QUARTER + 1) == []
