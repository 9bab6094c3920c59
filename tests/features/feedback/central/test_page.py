"""The question as it stands on a ticket's page: its answers, and thanks once one was given."""

import re

import pytest

from central.insight.public.page import page
from tests.central.conftest import Stage
from tests.central.insight.public.test_lines import read, status
from tests.central.insight.public.test_ticket_page import TOKEN
from tests.central.messages.test_watches import SAME_ORIGIN, Waiting


def test_who_is_asked_reads_the_answers_and_who_has_answered_thanks() -> None:
    drawn = page(status("done", asked="now"), "en").decode()
    assert re.findall(r'name="(served|face)" value="(\w+)"', drawn) == [
        *(("served", one) for one in ("yes", "papers", "down", "elsewhere", "other")),
        *(("face", one) for one in ("3", "2", "1")),
    ]
    assert 'name="served"' not in page(status("done", asked="answered"), "en").decode()
    assert len(read(status("done", asked="answered"))) == len(read(status("done"))) + 1


async def test_an_answer_on_a_page_that_is_watched_is_taken_after_the_end_only(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = Waiting(stage, monkeypatch)
    await waiting.begin()
    await waiting.ask()
    sent = await stage.client.post(f"/t/{TOKEN}", json={"served": "yes", "face": 3}, headers=SAME_ORIGIN)
    assert (sent.status_code, sent.json()["type"].rpartition("/")[2]) == (409, "not-over")
