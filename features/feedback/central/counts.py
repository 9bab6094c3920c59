"""How many said what of a centre's visits over some days. Nothing is told of fewer than twenty answers."""

from typing import Final

from msgspec import Struct
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from features.feedback.central.tables import feedback_counts

LEAST_TOLD: Final = 20


class Answers(Struct):
    """What was answered: whether it was done, or why not, and which face was chosen."""

    served: dict[str, int] = {}
    faces: dict[int, int] = {}

    @property
    def total(self) -> int:
        """How many have answered."""
        return sum(self.served.values())

    @property
    def is_told(self) -> bool:
        """Whether so many have answered that it may be told."""
        return self.total >= LEAST_TOLD

    def count(self, served: str, face: int, n: int) -> None:
        """Take so many answers more."""
        self.served[served] = self.served.get(served, 0) + n
        self.faces[face] = self.faces.get(face, 0) + n

    def add(self, other: "Answers") -> None:
        """Take what was answered elsewhere into this."""
        for served, n in other.served.items():
            self.served[served] = self.served.get(served, 0) + n
        for face, n in other.faces.items():
            self.faces[face] = self.faces.get(face, 0) + n


async def read(connection: AsyncConnection, centre: str, first: str, last: str) -> dict[str, Answers]:
    """Return what was answered of visits from one business day to another, by service."""
    columns = feedback_counts.c
    query = (
        select(columns.service, columns.served, columns.face, func.sum(columns.n).label("n"))
        .where(columns.centre == centre, columns.business_day.between(first, last))
        .group_by(columns.service, columns.served, columns.face)
    )
    found: dict[str, Answers] = {}
    for row in await connection.execute(query):
        found.setdefault(row.service, Answers()).count(row.served, row.face, int(row.n))
    return found
