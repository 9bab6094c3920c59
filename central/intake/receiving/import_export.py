"""`central import`: a kiosk's backlog on a stick, taken with the same guarantees as over the network."""

import base64
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from central.base import clock
from central.base.database.transactions import reading
from central.base.tables.enrolled import kiosks
from central.intake.receiving import inbox
from central.intake.receiving.delivery import Delivery, Evidence, examine
from common.protocol.envelope import MAX_BATCH_BYTES
from common.protocol.export_part import ExportPart, ExportRefused, open_export_part, read_export_part

# A part is a batch in base64 with its JSON around it.
MOST_NAMED = 20
MAX_LINE_BYTES = 2 * MAX_BATCH_BYTES + 4096


@dataclass(slots=True)
class Imported:
    """What an import did: how many items got which result, and what was wrong with which line.

    `problems` names the first MOST_NAMED; `more_problems` counts the others, since a stick may hold a million.
    """

    results: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    more_problems: int = 0

    def note(self, problem: str) -> None:
        """Name a problem, or count it where many are named already."""
        if len(self.problems) < MOST_NAMED:
            self.problems.append(problem)
        else:
            self.more_problems += 1


async def import_file(engine: AsyncEngine, path: Path) -> Imported:
    """Take every whole and genuine line of `path`; a torn or foreign one is named and costs only itself.

    Raises:
        OSError: the file cannot be read.
    """
    imported = Imported()
    exported = _Whole()
    for number, line in _lines(path):
        try:
            part = read_export_part(line)
            await _take(engine, part, imported)
            exported.take(part)
        except ExportRefused as error:
            imported.note(f"line {number}: {error}")
    if imported.more_problems:
        imported.problems.append(f"{imported.more_problems} more lines can't be used")
    if not exported.is_whole:
        imported.problems.append("the file lacks a part of its export: export again and import that file too")
    return imported


@dataclass(slots=True)
class _Whole:
    """Whether each part came, up to the one that calls itself the last; what follows is another export."""

    is_whole: bool = False
    _seen: set[int] = field(default_factory=set)
    _last: int | None = None

    def take(self, part: ExportPart) -> None:
        self._seen.add(part.part)
        self._last = part.part if part.last else self._last
        self.is_whole = self._last is not None and len(self._seen) > self._last
        if self.is_whole:
            self._seen, self._last = set(), None


async def _take(engine: AsyncEngine, part: ExportPart, imported: Imported) -> None:
    async with reading(engine) as connection:
        row = (await connection.execute(select(kiosks).where(kiosks.c.id == part.kiosk))).one_or_none()
    if row is None:
        raise ExportRefused(f"no kiosk {part.kiosk[:40]} is enrolled here")
    batch = open_export_part(part, Ed25519PublicKey.from_public_bytes(base64.b64decode(row.public_key)))
    evidence = Evidence(f"export part {part.part}", "export", part.signature)
    arrivals = [examine(part.kiosk, item, clock.now()) for item in batch.items]
    delivery = Delivery(part.kiosk, arrivals, evidence, is_revoked=row.revoked_at is not None)
    answer = await inbox.receive(engine, delivery)
    imported.results.update(result.result for result in answer.results)


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    with path.open("rb") as file:
        number = 0
        while line := file.readline(MAX_LINE_BYTES):
            number += 1
            if line.strip():
                yield number, line
