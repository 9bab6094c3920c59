"""Who holds this hub's log, each by itself, what a manager sees of it before a hub leads, and what is missed."""

from typing import Final, Literal

from msgspec import Struct
from sqlalchemy import bindparam, select
from sqlalchemy.dialects.sqlite import insert as upsert

from hub.engine.act import LEADING, Act, Look
from hub.log import tables
from hub.log.authors import followers, life_at
from offline_store.disk.sql import precompiled, run

SILENT_AFTER_S: Final = 10
_US: Final = 1_000_000
_NOTED_EACH_US: Final = 4_000_000
"""A pull is noted at most so often: each note is a write."""
_columns = followers.c
_ALL: Final = precompiled(select(_columns.hub, _columns.pulled_line, _columns.pulled_at, _columns.through))
_ONE: Final = precompiled(select(_columns.pulled_line).where(_columns.hub == bindparam("hub")))
_ROW: Final = upsert(followers).values({name: bindparam(name) for name in _columns.keys()})  # noqa: SIM118
_CHANGES: Final = {name: _ROW.excluded[name] for name in ("pulled_line", "pulled_at", "through")}
_PUT: Final = precompiled(_ROW.on_conflict_do_update(["hub"], set_=_CHANGES))


_LIVES: Final = "SELECT seq, hub FROM hub_lives ORDER BY seq"
_BEGAN: Final = "SELECT line_us FROM hub_events WHERE seq = ?"
_FORMER: Final = "led-before"
type _Pulled = tuple[int, str | None, int | None]
_UNHEARD: Final[_Pulled] = (0, None, None)


class Holder(Struct, frozen=True):
    """A hub that holds the log up to a seq, as of a moment; nulls: nobody has heard it since this hub leads."""

    name: str
    role: Literal["leading", "following"]
    through: int | None
    at: str | None


def is_noted(look: Look, hub: str) -> bool:
    """Return whether a follower's pull was written down a moment ago."""
    row = run(look.connection, _ONE, {"hub": hub}).fetchone()
    return row is not None and 0 <= look.line_us - row[0] < _NOTED_EACH_US


def note_pull(act: Act, hub: str, through: int) -> None:
    """Note that a follower pulls what comes after a seq, and so holds what is before."""
    row = {"hub": hub, "pulled_line": act.line_us, "pulled_at": act.stamp.text, "through": through}
    run(act.connection, _PUT, row)


def holders(look: Act | Look) -> list[Holder]:
    """Return this hub, and where it leads every other one in service of its centre, in the order of their ids."""
    is_leading = look.role == LEADING
    here = Holder(look.hub_id, "leading" if is_leading else "following", look.seq, look.stamp.text)
    if not is_leading:
        return [here]
    pulled = _pulled(look)
    others = {one.id for one in look.centre.hubs.values() if not one.revoked} | set(pulled)
    found = [(hub, *pulled.get(hub, _UNHEARD)) for hub in sorted(others) if hub != look.hub_id]
    return [here, *(Holder(hub, "following", through, at) for hub, _, at, through in found)]


def silent_hubs(look: Act | Look) -> dict[str, float]:
    """Return which followers pull no more, or never did since they led, and for how many seconds."""
    return {hub: s for hub, s in _silence_s(look).items() if s > SILENT_AFTER_S}


def follower_silent_s(look: Act | Look) -> float | None:
    """Return for how long that follower has not pulled which was heard longest ago; None where there is none."""
    return max(_silence_s(look).values(), default=None)


def _silence_s(look: Act | Look) -> dict[str, float]:
    heard = _led_before(look) | {hub: line for hub, (line, _, _) in _pulled(look).items()}
    return {hub: max(0, look.line_us - line) / _US for hub, line in sorted(heard.items())}


def _led_before(look: Act | Look) -> dict[str, int]:
    """Return which other hubs in service have led, and since when another leads: one that lives would follow by now."""
    known = look.learned.get(_FORMER)
    if known is None or known[0] != look.life:
        rows = [(int(seq), str(hub)) for seq, hub in run(look.connection, _LIVES).fetchall()]
        last = {hub: seq for seq, hub in rows}
        after = {hub: next((other for other, _ in rows if other > seq), None) for hub, seq in last.items()}
        since = {hub: run(look.connection, _BEGAN, (seq,)).fetchone() for hub, seq in after.items() if seq is not None}
        known = look.learned[_FORMER] = (look.life, {hub: row[0] for hub, row in since.items() if row is not None})
    hubs, former = look.centre.hubs, known[1]
    is_other = {hub for hub, one in hubs.items() if hub != look.hub_id and not one.revoked}
    return {hub: line for hub, line in former.items() if look.role == LEADING and hub in is_other}


def _pulled(look: Act | Look) -> dict[str, _Pulled]:
    """Return what is known of each follower; of one that was stolen or retired nothing, once it is revoked."""
    hubs = look.centre.hubs
    rows = run(look.connection, _ALL).fetchall()
    return {hub: (line, at, through) for hub, line, at, through in rows if hub not in hubs or not hubs[hub].revoked}


Lack = Literal["everything", "later-leader", "recall", "end"]


class Held(Struct, frozen=True):
    """What a hub holds: the log of `hub` up to `through`, of which the last was written at `until`.

    It lacks everything, what a leader said who came later, what central has not said yet of a lost log, or perhaps the
    end: it has not pulled to the end since it began. A hub that lacks may call people who were called before.
    """

    hub: str | None
    until: str | None
    through: int
    lacks: list[Lack]


def held(look: Act | Look) -> Held:
    """Return what this hub holds, and what it knows to lack."""
    columns, life = tables.events.c, life_at(look.connection, look.seq)
    until = look.connection.scalar(select(columns.wall_time).where(columns.seq == look.seq))
    return Held(None if life is None else life.hub, until, look.seq, _lacks(look))


def _lacks(look: Act | Look) -> list[Lack]:
    found: list[Lack] = ["everything"] if look.seq == 0 else []
    if look.seen_term > look.term:
        found.append("later-leader")
    if look.role != LEADING and look.is_recall_due:
        found.append("recall")
    if look.role != LEADING and not look.connection.scalar(select(tables.state.c.holds_all)):
        found.append("end")
    return found
