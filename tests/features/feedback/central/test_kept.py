"""What is kept of answers: a copy made before one lacks it, and a central without the feature loses none."""

import pytest
from sqlalchemy import insert, select

from central.backup.head import head
from central.intake.receiving import quarantine
from common.protocol.envelope import BODIES
from features.feedback.central.tables import feedback, feedback_counts
from features.feedback.wire import FeedbackBody
from tests.central.conftest import Stage
from tests.central.insight.public.ended_visit import Hand, given


async def test_the_head_moves_with_what_visitors_say(stage: Stage) -> None:
    row = {"kiosk": "kiosk-1", "ticket": "a ticket", "day_over_at": "2026-12-01T01:00:00Z"}
    async with stage.engine.begin() as connection:
        before = await head(connection)
        await connection.execute(insert(feedback).values(**row))
        assert await head(connection) != before


async def test_an_answer_to_a_central_without_the_feature_is_kept_by_name_and_counts_once_it_has_it(
    stage: Stage, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk, _, ticket = await given(stage, "done")
    said = kiosk.item(FeedbackBody("yes", 3, ticket=ticket.id), "feedback")
    with monkeypatch.context() as patch:
        patch.delitem(BODIES, "feedback")
        sent = await stage.results(kiosk, said, kiosk.ticket())
        assert sent == [("quarantined", "unknown-kind"), ("applied", None)]
        kept = {"id": said.id, "kiosk": kiosk.kiosk, "kind": "feedback", "seq": said.seq, "reason": "unknown-kind"}
        assert [row._asdict() for row in await stage.all(quarantine.listing)] == [kept]
        async with stage.engine.begin() as connection:
            with pytest.raises(quarantine.StaysPut, match="unknown-kind"):
                await quarantine.release(connection, said.id)
    async with stage.engine.begin() as connection:
        await quarantine.release(connection, said.id)
    await stage.all_read()
    assert [(row.served, row.n) for row in await stage.all(select(feedback_counts))] == [("yes", 1)]
