"""What is kept of answers: a copy made before one lacks it."""

from sqlalchemy import insert

from central.backup.head import head
from features.feedback.central.tables import feedback
from tests.central.conftest import Stage


async def test_the_head_moves_with_what_visitors_say(stage: Stage) -> None:
    row = {"kiosk": "kiosk-1", "ticket": "a ticket", "day_over_at": "2026-12-01T01:00:00Z"}
    async with stage.engine.begin() as connection:
        before = await head(connection)
        await connection.execute(insert(feedback).values(**row))
        assert await head(connection) != before
