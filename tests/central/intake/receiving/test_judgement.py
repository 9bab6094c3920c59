"""What becomes of each item, and of its chains: judged over what is known, whole judgements compared; no database."""

from typing import Any

import msgspec
import pytest

from central.intake.receiving.delivery import Arrival, Delivery, Evidence, Reports
from central.intake.receiving.finding import Finding
from central.intake.receiving.judging import Head, Judgement, Known, Link, Standing, judge
from common.protocol.envelope import FIRST_PREV_HASH, Asked, Item, ItemResult

E = "e"


def item(n: int, *, seq: int | None = None, prev: str | None = None, epoch: str = E) -> Item:
    seq = n if seq is None else seq
    before = prev or (FIRST_PREV_HASH if seq == 1 else f"h{seq - 1}")
    return Item(f"i{n}", seq, epoch, "ticket", "w", 1, "b", "synced", "body", before, f"h{n}")


def arrival(n: int, **more: Any) -> Arrival:
    of = {name: more.pop(name) for name in ("seq", "prev", "epoch") if name in more}
    return Arrival(f"i{n}", f"h{n}", item(n, **of), **more)


def judged(*arrivals: Arrival, revoked: bool = False, asked: list[Asked] | None = None, **known: Any) -> Judgement:
    nothing: dict[str, Any] = {"by_id": {}, "by_place": {}, "elsewhere": [], "heads": {}, "beyond": {}}
    reports = Reports(asked=asked or [])
    delivery = Delivery("k1", arrivals, Evidence("", "", ""), revoked, reports)
    return judge(delivery, 9, Known(**(nothing | known)))


def row(n: int, **more: Any) -> dict[str, Any]:
    of = {name: more.pop(name) for name in ("seq", "prev", "epoch") if name in more}
    return msgspec.structs.asdict(item(n, **of)) | {
        "kiosk": "k1", "result": "applied", "reason": None, "batch": 9, "order_id": None, "seal_state": None,
    } | more  # fmt: skip


def test_new_items_are_applied_in_the_chains_order_and_move_its_head() -> None:
    assert judged(arrival(2), arrival(1)) == Judgement(
        results=[ItemResult("i2", "applied", None), ItemResult("i1", "applied", None)],
        fresh={"i1": row(1), "i2": row(2)},
        heads={E: Head(2, "h2", 2)},
        acked_through=2,
    )
    assert list(judged(arrival(2), arrival(1)).fresh) == ["i1", "i2"]


@pytest.mark.parametrize(
    ("more", "revoked", "said", "kept"),
    [
        ({"order_id": "o", "is_sealed": True}, False, ("applied", None), {"order_id": "o", "seal_state": "waiting"}),
        ({"quarantine": "kind", "order_id": "o", "is_sealed": True}, False, ("quarantined", "kind"),
         {"result": "quarantined", "reason": "kind"}),
        ({"order_id": "o", "is_sealed": True}, True, ("quarantined", "kiosk-revoked"),
         {"result": "quarantined", "reason": "kiosk-revoked"}),
    ],
)  # fmt: skip
def test_what_cannot_be_applied_is_kept_without_its_order(
    more: dict[str, Any], revoked: bool, said: tuple[str, str | None], kept: dict[str, Any]
) -> None:
    found = judged(arrival(1, **more), revoked=revoked)
    assert (found.results, found.fresh) == ([ItemResult("i1", *said)], {"i1": row(1, **kept)})


def test_an_item_of_which_only_the_id_can_be_read_is_kept_raw() -> None:
    found = judged(Arrival("i1", "h1", raw="text", quarantine="unreadable"))
    nothing = dict.fromkeys(Item.__struct_fields__)
    assert found.fresh == {"i1": nothing | {
        "id": "i1", "body": "text", "hash": "h1", "kiosk": "k1", "result": "quarantined", "reason": "unreadable",
        "batch": 9, "order_id": None, "seal_state": None,
    }}  # fmt: skip
    assert (found.heads, found.acked_through) == ({}, 0)


def test_what_was_refused_is_not_taken_and_stands_in_nobodys_place() -> None:
    found = judged(arrival(1, refused="bad-hash"), arrival(1))
    assert found.results == [ItemResult("i1", "rejected", "bad-hash"), ItemResult("i1", "applied", None)]
    assert list(found.fresh) == ["i1"]
    assert judged(arrival(1, refused="bad-hash")).fresh == {}


def test_an_item_that_is_sent_again_is_known_with_what_was_said_of_it() -> None:
    before = {"i1": Standing("h1", "quarantined", "kind")}
    found = judged(arrival(1), by_id=before, by_place={(E, 1): "i1"}, heads={E: Head(1, "h1", 4)})
    assert found == Judgement(results=[ItemResult("i1", "duplicate", "kind")], acked_through=1)
    twice = judged(arrival(1), arrival(1))
    assert [one.result for one in twice.results] == ["applied", "duplicate"]


def test_an_id_or_a_place_that_is_taken_is_a_conflict_and_named() -> None:
    known: dict[str, Any] = {"by_id": {"i1": Standing("other", "applied", None)}, "by_place": {(E, 2): "i7"}}
    found = judged(arrival(1), arrival(2), **known)
    assert found == Judgement(
        results=[ItemResult("i1", "conflict", "id-taken"), ItemResult("i2", "conflict", "sequence-taken")],
        findings=[Finding("id-taken", "i1 i1", E, 1), Finding("sequence-taken", "i2 i7", E, 2)],
    )
    both = judged(arrival(1), arrival(2, seq=1, prev=FIRST_PREV_HASH))
    assert [(one.result, one.reason) for one in both.results] == [("applied", None), ("conflict", "sequence-taken")]
    assert both.findings == [Finding("sequence-taken", "i2 i1", E, 1)]


@pytest.mark.parametrize(
    ("seqs", "head", "beyond", "expected", "acked"),
    [
        ([1, 2, 3], None, (), Head(3, "h3", 3), 3),
        ([1, 3], None, (), Head(1, "h1", 3), 1),
        ([2], None, (), Head(0, FIRST_PREV_HASH, 2), 0),
        ([3], Head(2, "h2", 2), (), Head(3, "h3", 3), 3),
        ([4], Head(2, "h2", 9), (), Head(2, "h2", 9), 2),
        ([3], Head(2, "h2", 5), (Link(4, "h3", "h4", "i4"), Link(5, "h4", "h5", "i5")), Head(5, "h5", 5), 5),
        ([3], Head(2, "h2", 6), (Link(4, "h3", "h4", "i4"), Link(6, "h5", "h6", "i6")), Head(4, "h4", 6), 4),
        ([2], Head(2, "h2", 3), (Link(3, "h2", "h3", "i3"),), Head(3, "h3", 3), 3),
    ],
)
def test_a_head_moves_over_what_follows_it_and_waits_at_a_gap(
    seqs: list[int], head: Head | None, beyond: Any, expected: Head, acked: int
) -> None:
    heads = {} if head is None else {E: head}
    found = judged(*map(arrival, seqs), heads=heads, beyond={E: beyond})
    assert (found.heads, found.acked_through, found.findings) == ({E: expected}, acked, [])


def test_a_broken_link_is_named_and_the_chain_goes_on() -> None:
    found = judged(arrival(1, prev="x"), arrival(2), heads={})
    assert (found.findings, found.heads) == ([Finding("broken-link", "i1", E, 1)], {E: Head(2, "h2", 2)})


def test_each_epoch_is_a_chain_of_its_own_and_the_last_item_says_what_is_acknowledged() -> None:
    found = judged(
        arrival(1, epoch="a"), arrival(2, seq=1, prev=FIRST_PREV_HASH, epoch="b"), arrival(3, epoch="b", prev="h2")
    )
    assert found.heads == {"a": Head(1, "h1", 1), "b": Head(1, "h2", 3)}
    assert found.acked_through == 1


def test_items_of_a_lost_answer_are_answered_for_where_they_are_here_word_for_word() -> None:
    asked = [Asked("i1", "h1"), Asked("i1", "h1"), Asked("i2", "other"), Asked("i3", "h3"), Asked("i4", "h4")]
    known = {"i2": Standing("h2", "applied", None), "i3": Standing("h3", "quarantined", "kind")}
    found = judged(arrival(1), asked=asked, by_id=known)
    assert found.results[1:] == [ItemResult("i1", "duplicate", None), ItemResult("i3", "duplicate", "kind")]


def test_what_people_have_to_hear_of_becomes_a_finding_of_new_items_alone() -> None:
    told = arrival(1, told="0f", is_last_word=True, digit=3)
    known: dict[str, Any] = {"elsewhere": [("i1", "k2"), ("i9", "k3")], "others_digits": {3, 4}}
    assert judged(told, **known).findings == [
        Finding("id-of-two-kiosks", "i1 k2", E, 1), Finding("wrong-digit", "i1", E, 1),
        Finding("app-key-revocation-lacked", "0f", E, 1), Finding("kiosk-revocation-lacked", "i1", E, 1),
    ]  # fmt: skip
    assert len(judged(told, revoked=True, **known).findings) == 2, "of a revoked one it is known"
    again = judged(told, by_id={"i1": Standing("h1", "applied", None)}, **known)
    assert again.findings == []
    assert judged(arrival(1, digit=2), **known).findings == [Finding("id-of-two-kiosks", "i1 k2", E, 1)]
