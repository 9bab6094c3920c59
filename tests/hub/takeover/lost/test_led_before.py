"""A hub that has led and does not follow who leads now is missed; one that nobody ever saw here is not."""

from typing import Any

import pytest

from common.protocol.feed_message import HubRecord, Hubs
from hub.takeover.holders import note_pull, silent_hubs
from hub.takeover.promotion import promote
from tests.hub.hall import CENTRE, HUB_ID, Hall, said
from tests.hub.takeover.test_resuming import MANAGER, Pair, pair

__all__ = ["pair"]  # the fixture


def listed(hall: Hall, message_id: int = 9, **of_the_former: Any) -> None:
    records = [HubRecord(name, "http://127.0.0.1:8090", "a" * 43 + "=") for name in ("hub-2", "hub-0003")]
    records.append(HubRecord(HUB_ID, "http://127.0.0.1:8091", "a" * 43 + "=", **of_the_former))
    said(hall.hub, Hubs(CENTRE, records), message_id)


def missed(hall: Hall) -> dict[str, float]:
    with hall.hub.read() as look:
        return silent_hubs(look)


@pytest.fixture
def leader(pair: Pair) -> Hall:
    pair.pull()
    listed(pair.standby)
    promote(pair.standby.hub, MANAGER)
    return pair.standby


def test_who_led_before_and_does_not_follow_is_missed_since_another_leads(pair: Pair, leader: Hall) -> None:
    assert missed(leader) == {}
    leader.passes(60)
    assert missed(leader) == {HUB_ID: 60.0}
    assert missed(pair.leader) == {}, "it knows of nobody who led after it"


def test_one_that_follows_is_missed_only_once_it_pulls_no_more(leader: Hall) -> None:
    leader.passes(60)
    with leader.act() as act:
        note_pull(act, HUB_ID, act.seq)
    assert missed(leader) == {}
    leader.passes(11)
    assert missed(leader) == {HUB_ID: 11.0}


def test_one_that_was_revoked_is_not_missed(leader: Hall) -> None:
    leader.passes(60)
    listed(leader, 10, revoked=True)
    assert missed(leader) == {}
