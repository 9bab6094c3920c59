"""What a kiosk's log of a day says: asked for by the feed, answered by an item, read here for who looks into it."""

import base64
import uuid
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.enrolled import kiosks
from central.base.tables.received import GONE, batches, inbox
from central.base.tables.told import feed
from central.feed import Audience, append
from common.protocol.diagnosis import Diagnose, DiagnosisBody, LogLine

ASKED: Final = "diagnose"
ANSWERED: Final = "diagnosis"
_COLUMNS: Final = ("time", "level", "component", "action")


class DiagnosisRefused(ValueError):
    """Nothing that can be asked; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was asked of a kiosk last. `answered_at` is None until it answered; `is_gone`: a rule deleted the answer."""

    kiosk: str
    asked_at: str
    answered_at: str | None = None
    lines: tuple[LogLine, ...] = ()
    left_out: int = 0
    is_gone: bool = False

    @property
    def rows(self) -> list[tuple[LogLine, str]]:
        """Return each line with what it says besides time, level, part and action, in a text."""
        rest = [{n: v for n, v in msgspec.to_builtins(line).items() if n not in _COLUMNS} for line in self.lines]
        return [
            (line, ", ".join(f"{name}: {value}" for name, value in more.items()))
            for line, more in zip(self.lines, rest, strict=True)
        ]

    def as_dict(self) -> dict[str, Any]:
        """Return all but the lines."""
        said = {"kiosk": self.kiosk, "asked_at": self.asked_at, "answered_at": self.answered_at}
        return said | {"lines": len(self.lines), "left_out": self.left_out}


async def ask(connection: AsyncConnection, kiosk: str) -> Diagnosis:
    """Ask a kiosk for its log of the last day, once until it answers; return what stands then.

    Raises:
        DiagnosisRefused: no kiosk of that name is in service.
    """
    found = (await connection.execute(select(kiosks).where(kiosks.c.id == kiosk))).one_or_none()
    if found is None or found.revoked_at is not None:
        raise DiagnosisRefused(f"no kiosk {kiosk[:64]!r} is in service: `central kiosks` lists them")
    if found.role != "kiosk":
        raise DiagnosisRefused(
            f"{kiosk} is a {found.role}: its log is read there, by `journalctl -u hub -u hub-forward`"
        )
    last = await read(connection, kiosk)
    if last is not None and last.answered_at is None:
        return last
    said = Diagnose(str(uuid.uuid4()), clock.as_text(clock.now()))
    await append(connection, ASKED, said, key=kiosk, audience=Audience(kiosk=kiosk))
    return Diagnosis(kiosk, said.asked_at)


async def read(connection: AsyncConnection, kiosk: str) -> Diagnosis | None:
    """Return what was asked of a kiosk last and what it answered; None where nothing was asked."""
    asked = await connection.scalar(_newest(kiosk))
    if asked is None:
        return None
    request = msgspec.json.decode(asked, type=Diagnose)
    answer = (await connection.execute(_answer(kiosk))).one_or_none()
    return Diagnosis(kiosk, request.asked_at) if answer is None else _answered(kiosk, request, answer)


def _answered(kiosk: str, request: Diagnose, answer: Row[Any]) -> Diagnosis:
    if answer.body == GONE:
        is_later = answer.received_at >= request.asked_at
        return Diagnosis(kiosk, request.asked_at, answer.received_at if is_later else None, is_gone=is_later)
    said = msgspec.json.decode(base64.b64decode(answer.body), type=DiagnosisBody)
    if said.request != request.request:
        return Diagnosis(kiosk, request.asked_at)
    return Diagnosis(kiosk, request.asked_at, answer.received_at, tuple(said.lines), said.left_out)


def _newest(kiosk: str) -> Select[Any]:
    own = feed.c.kind == ASKED, feed.c.key == kiosk
    return select(feed.c.body).where(*own).order_by(feed.c.id.desc()).limit(1)


def _answer(kiosk: str) -> Select[Any]:
    own = inbox.c.kiosk == kiosk, inbox.c.kind == ANSWERED, inbox.c.result == "applied"
    query = select(inbox.c.body, batches.c.received_at).join(batches, batches.c.id == inbox.c.batch)
    return query.where(*own).order_by(inbox.c.arrival.desc()).limit(1)
