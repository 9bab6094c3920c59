"""Which other hubs a hub asks, what it makes of silence, and whom it follows or yields to."""

from typing import Any

import pytest
from sqlalchemy import update
from structlog.testing import capture_logs

from common.protocol.feed_message import HubRecord, Hubs
from hub.log import tables
from hub.takeover import following
from hub.takeover.following import Follower
from tests.hub.hall import CENTRE, Hall, said
from tests.hub.takeover.asked import OWN, Peer, states


def test_all_other_hubs_in_service_are_asked_over_connections_that_stay(hall: Hall, follower: Follower) -> None:
    for _ in range(2):
        follower.look_around()
    assert Peer.made == [("made", "http://b"), ("made", "http://c")]
    moved = HubRecord("hub-c", "http://c2", "k")
    said(hall.hub, Hubs(CENTRE, [OWN, HubRecord("hub-b", "http://b", "k", revoked=True), moved]), 6)
    follower.look_around()
    assert sorted(Peer.made[2:]) == [("closed", "http://b"), ("closed", "http://c"), ("made", "http://c2")]
    follower.close()
    assert Peer.made[-1] == ("closed", "http://c2")


def test_silence_and_its_end_are_logged_once(follower: Follower) -> None:
    Peer.says = {"hub-c": states("hub-c", 1, leading=False)}
    with capture_logs() as logged:
        assert [follower.look_around() for _ in range(2)] == [False, False]
        Peer.says["hub-b"] = states("hub-b", 1, leading=False)
        assert [follower.look_around() for _ in range(2)] == [True, True]
        del Peer.says["hub-b"]
        assert not follower.look_around()
    silent = {"event": "hub-silent", "log_level": "warning", "hub": "hub-b", "reason": "hub-b is away"}
    back = {"event": "hub-answers-again", "log_level": "info", "hub": "hub-b"}
    assert logged == [silent, back, silent]


@pytest.mark.parametrize(
    ("role", "said", "leader", "yields"),
    [
        ("following", (None, None), None, None),
        ("following", ((3, False), (2, True)), "hub-c", None),
        ("following", ((3, True), (2, True)), "hub-b", None),
        ("following", ((2, True), (2, True)), "hub-c", None),
        ("following", ((4, True), None), "hub-b", ("hub-b", 4)),
        ("leading", ((2, True), None), "hub-b", None),
        ("leading", ((3, True), None), "hub-b", ("hub-b", 3)),
        ("leading", ((4, True), (4, False)), "hub-b", ("hub-b", 4)),
        ("leading", ((9, False), None), None, None),
    ],
)
def test_the_greatest_that_leads_is_followed_and_yielded_to(
    hall: Hall, follower: Follower, monkeypatch: pytest.MonkeyPatch, role: str, said: tuple[Any, Any],
    leader: str | None, yields: tuple[str, int] | None,
) -> None:  # fmt: skip
    yielded: list[tuple[str, int]] = []
    monkeypatch.setattr(following, "yield_to", lambda _, hub, term: yielded.append((hub, term)))
    with hall.hub.store.write() as connection:
        connection.execute(update(tables.state).values(role=role, term=3, seen_term=3))
    for hub, one in zip(("hub-b", "hub-c"), said, strict=True):
        Peer.says[hub] = None if one is None else states(hub, one[0], leading=one[1])
    assert follower.look_around() is (None not in said)
    assert (None if follower.leader is None else follower.leader.hub) == leader
    assert yielded == ([] if yields is None else [yields])


def test_under_one_term_a_leader_yields_to_no_hub_of_a_smaller_id(
    hall: Hall, follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    yielded: list[str] = []
    monkeypatch.setattr(following, "yield_to", lambda _, hub, _term: yielded.append(hub))
    said(hall.hub, Hubs(CENTRE, [OWN, HubRecord("hub-0000", "http://b", "k")]), 6)
    Peer.says["hub-0000"] = states("hub-0000", 1, leading=True)
    assert follower.look_around()
    assert yielded == []
