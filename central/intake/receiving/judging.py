"""What becomes of each item of a delivery, and of its kiosk's chains: judged over what the database has of them.

In memory alone. Items come in any order. A gap is what lies between `head_seq` and `max_seq` of `chains`; everything
else that does not fit becomes a finding: a broken link, a sequence used twice, an id used twice.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import msgspec
import structlog

from central.intake.receiving.delivery import ODD, REVOCATION_LACKED, Arrival, Delivery
from central.intake.receiving.finding import Finding
from central.kiosks import enrolment
from common.protocol.envelope import FIRST_PREV_HASH, Asked, Item, ItemResult

REVOKED: Final = "kiosk-revoked"

log = structlog.get_logger()


class Standing(NamedTuple):
    """The item that stands under an id, and what was said of it."""

    hash: str
    result: str
    reason: str | None


class Link(NamedTuple):
    """An item as a link of its chain."""

    seq: int
    prev_hash: str
    hash: str
    id: str


class Head(NamedTuple):
    """How far a chain is whole, and the last seq of it that was seen."""

    head_seq: int = 0
    head_hash: str = FIRST_PREV_HASH
    max_seq: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """What the database has of what a delivery names, while its kiosk is locked.

    Items `by_id` and `by_place` are the kiosk's own; `elsewhere` are (id, kiosk) of others' items. `beyond` are the
    links after the head of a chain that has a gap. `others_digits` are those of the delivery's numbers that never were
    the kiosk's own.
    """

    by_id: Mapping[str, Standing]
    by_place: Mapping[tuple[str, int], str]
    elsewhere: Sequence[tuple[str, str]]
    heads: Mapping[str, Head]
    beyond: Mapping[str, Sequence[Link]]
    others_digits: Collection[int] = ()


@dataclass(slots=True)
class Judgement:
    """What is to be answered and to be written: `fresh` items by their ids, the `heads` that move by their epochs."""

    results: list[ItemResult] = field(default_factory=list)
    fresh: dict[str, dict[str, Any]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    heads: dict[str, Head] = field(default_factory=dict)
    acked_through: int = 0


def judge(delivery: Delivery, batch: int, known: Known) -> Judgement:
    """Tell new items from those that are known or clash, and follow the chains."""
    made = Judgement()
    first: dict[str, Arrival] = {}  # of each id; what was refused, by its hash, doesn't stand in for a good one
    for one in delivery.arrivals:
        if one.refused is None:
            first.setdefault(one.id, one)
    # In the chain's order: arrivals then read as they happened.
    good = sorted(first.values(), key=lambda one: (one.place, one.id))
    takers = dict(known.by_place)
    for one in good:
        if one.id not in known.by_id and (one.item is None or takers.setdefault(one.place, one.id) == one.id):
            made.fresh[one.id] = _row(delivery, one, batch)
    standing = {row["id"]: Standing(row["hash"], row["result"], row["reason"]) for row in made.fresh.values()}
    standing |= known.by_id
    for one in delivery.arrivals:
        is_new = one is first.get(one.id) and one.id in made.fresh
        result = ItemResult(one.id, *_result(one, standing.get(one.id), is_new=is_new))
        made.results.append(result)
        if result.result == "conflict":
            log.warning("conflict", kiosk=delivery.kiosk, item=one.id, seq=one.place[1], reason=result.reason)
            other = one.id if one.id in standing else takers.get(one.place, one.id)
            made.findings.append(Finding(result.reason or "", f"{one.id} {other}", *one.place))
    made.results += _of_lost_answers(delivery.reports.asked, standing)
    fresh = [one for one in good if one.id in made.fresh]
    made.findings += _clashes_elsewhere(delivery.kiosk, fresh, known)
    made.findings += _wrong_digits(delivery.kiosk, fresh, known)
    if not delivery.is_revoked:
        made.findings += [Finding(one.quarantine, one.id, *one.place) for one in fresh if one.quarantine in ODD]
        made.findings += [Finding(REVOCATION_LACKED, one.told, *one.place) for one in fresh if one.told is not None]
        # Its key is believed again, also a thief who has it.
        made.findings += [Finding(enrolment.REVOCATION_LACKED, one.id, *one.place) for one in fresh if one.is_last_word]
    _follow_chains(made, [one.item for one in fresh if one.item], known)
    if last := max((one.item for one in good if one.item), key=lambda item: item.seq, default=None):
        made.acked_through = made.heads.get(last.epoch, known.heads.get(last.epoch, Head())).head_seq
    return made


def _row(delivery: Delivery, arrival: Arrival, batch: int) -> dict[str, Any]:
    """The inbox's row for a new item."""
    reason = REVOKED if delivery.is_revoked else arrival.quarantine
    is_applied = reason is None
    unreadable = dict.fromkeys(Item.__struct_fields__) | {"id": arrival.id, "body": arrival.raw, "hash": arrival.hash}
    return (msgspec.structs.asdict(arrival.item) if arrival.item else unreadable) | {
        "kiosk": delivery.kiosk,
        "result": "applied" if is_applied else "quarantined",
        "reason": reason,
        "batch": batch,
        "order_id": arrival.order_id if is_applied else None,
        "seal_state": "waiting" if arrival.is_sealed and is_applied else None,
    }


def _result(arrival: Arrival, standing: Standing | None, *, is_new: bool) -> tuple[str, str | None]:
    if arrival.refused is not None:
        return "rejected", arrival.refused
    if standing is None:
        return "conflict", "sequence-taken"
    if standing.hash != arrival.hash:
        return "conflict", "id-taken"
    return standing.result if is_new else "duplicate", standing.reason


def _of_lost_answers(asked: Iterable[Asked], standing: Mapping[str, Standing]) -> Iterator[ItemResult]:
    """Answer for the items of a lost answer that are here, word for word as they were sent."""
    for item, item_hash in dict.fromkeys((one.id, one.hash) for one in asked):
        if item in standing and standing[item].hash == item_hash:
            yield ItemResult(item, "duplicate", standing[item].reason)


def _clashes_elsewhere(kiosk: str, fresh: Iterable[Arrival], known: Known) -> Iterator[Finding]:
    """Name new items that bear the id of another kiosk's item. Both are kept."""
    by_id = {one.id: one for one in fresh}
    for item, other in known.elsewhere:
        if item in by_id:
            log.warning("id-of-two-kiosks", kiosk=kiosk, other=other, item=item)
            yield Finding("id-of-two-kiosks", f"{item} {other}", *by_id[item].place)


def _wrong_digits(kiosk: str, fresh: Iterable[Arrival], known: Known) -> Iterator[Finding]:
    """Name new tickets whose number bears a digit that the kiosk never had; they are kept, as citizens hold them."""
    for one in fresh:
        if one.digit in known.others_digits:
            log.warning("wrong-digit", kiosk=kiosk, item=one.id)
            yield Finding("wrong-digit", one.id, *one.place)


def _follow_chains(made: Judgement, fresh: Sequence[Item], known: Known) -> None:
    """Move each head over the new links that follow it, and over those that a closed gap had kept from it."""
    for epoch in sorted({item.epoch for item in fresh}):
        before = known.heads.get(epoch, Head())
        new = [Link(one.seq, one.prev_hash, one.hash, one.id) for one in fresh if one.epoch == epoch]
        seq, tip = before.head_seq, before.head_hash
        for link in sorted([*new, *known.beyond.get(epoch, ())]):
            if link.seq <= seq:
                continue
            if link.seq != seq + 1:
                break
            if link.prev_hash != tip:
                made.findings.append(Finding("broken-link", link.id, epoch, link.seq))
            seq, tip = link.seq, link.hash
        made.heads[epoch] = Head(seq, tip, max(before.max_seq, *(link.seq for link in new)))
