"""Notices are published for all or a centre, a list in the place of the former; every wrong one is named."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from central.base import clock
from central.feed import Audience
from central.publishing import publication
from common.protocol.notice import Notice, Notices
from tests.central.conftest import Stage
from tests.kit.sender import Sender

DEPLOY = Path(__file__).parents[3] / "deploy"
TEXTS = {"ar": "أحضر بطاقتك الشخصية", "en": "Please bring your identity card"}
CARD: dict[str, Any] = {
    "id": "card", "from": "2026-11-26", "until": "2026-11-27", "texts": TEXTS, "where": ["paper", "kiosk"],
}  # fmt: skip


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 25, 9, tzinfo=UTC))


async def heard(stage: Stage, sender: Sender) -> list[Notices]:
    page = await stage.feed(sender)
    return [msgspec.json.decode(one.body, type=Notices) for one in page.messages if one.kind == "notices"]


async def test_notices_reach_kiosks_and_hubs_of_the_centre_they_are_for(stage: Stage) -> None:
    here, there, hub = await stage.enrolled(), await stage.enrolled("homs-new"), await stage.enrolled_hub()
    await stage.publish("notices", {"centre": None, "notices": [CARD]})
    async with stage.engine.begin() as connection:
        content = msgspec.json.encode({"notices": [CARD]})
        await publication.publish(connection, "notices", content, stage.ring, Audience(centre="homs-new"))
    assert [one.centre for one in await heard(stage, here)] == [None]
    assert [one.centre for one in await heard(stage, there)] == [None, "homs-new"]
    [told] = await heard(stage, hub)
    assert told.notices[0].begins == "2026-11-26T00:00:00+03:00"
    assert told.notices[0].until == "2026-11-28T00:00:00+03:00", "the last day is whole"
    assert told.notices[0].where == ["kiosk", "paper"]
    await stage.publish("notices", {"notices": []})
    assert [one.notices for one in await heard(stage, hub)] == [[]]


@pytest.mark.parametrize(
    ("begins", "until", "told"),
    [
        ("2026-11-26T08:00", "2026-11-26T14:30", ("08:00:00", "14:30:00")),
        ("2026-11-26T05:00:00Z", "2026-11-26T12:00:00+02:00", ("08:00:00", "13:00:00")),
    ],
)
async def test_moments_are_the_centres_or_bear_their_offset(
    stage: Stage, begins: str, until: str, told: tuple[str, str]
) -> None:
    await stage.publish("notices", {"notices": [CARD | {"from": begins, "until": until}]})
    [one] = await heard(stage, await stage.enrolled())
    assert (one.notices[0].begins, one.notices[0].until) == tuple(f"2026-11-26T{time}+03:00" for time in told)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"from": "2026-02-30"}, r"notices\[0\] \(card\): from: found '2026-02-30', expected a date"),
        ({"until": "soon"}, "until: found 'soon', expected a date"),
        ({"from": "2026-11-26T08:00", "until": "2026-11-26T08:00:00.9"}, "from 2026-11-26T08:00 is not before until"),
        ({"from": "2026-11-01", "until": "2026-11-25T12:00"}, "until 2026-11-25T12:00 is over"),
        ({"until": "9999-12-31"}, "until: found '9999-12-31', expected a date such as 2026-12-25, or a moment such as"),
        ({"until": "s" * 41}, f"until: found '{'s' * 40}', expected a date"),
        ({"texts": TEXTS | {"ar": " "}}, "expected a text in ar too"),
        ({"texts": {}}, "expected a text in ar and en too"),
        ({"from": "2026-11-29"}, "from 2026-11-29 is not before until 2026-11-27"),
        ({"from": "2026-11-01", "until": "2026-11-24"}, "until 2026-11-24 is over"),
        ({"texts": {"ar": "أحضر"}}, "expected a text in en too"),
        ({"texts": TEXTS | {"en": "x" * 121}}, "texts.en: found 121 characters, expected at most 120"),
        ({"texts": TEXTS | {"en": "two\nlines"}}, "texts.en: expected one line"),
        ({"where": []}, "where: found nothing, expected some of kiosk, board, page, paper"),
        ({"where": ["kiosk", "door"]}, "where: found door, expected some of"),
        ({"id": "Card 1"}, "expected up to 64 small letters"),
        ({"colour": "red"}, "there is no field colour"),
    ],
)
async def test_a_wrong_notice_is_named(stage: Stage, change: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        await stage.publish("notices", {"notices": [CARD | change]})


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ({"notices": [CARD, CARD]}, "card stands twice"),
        ({"notices": [CARD | {"id": f"card-{number}"} for number in range(51)]}, "found 51, expected at most 50"),
        ({"notices": [CARD], "centre": "homs-mian"}, "there is no centre"),
    ],
)
async def test_a_wrong_list_is_named(stage: Stage, content: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        await stage.publish("notices", content)


async def test_notices_up_to_the_longest_and_the_most_are_taken(stage: Stage) -> None:
    long = {"texts": {"ar": "ي" * 120, "en": "x" * 120}, "from": "2026-11-25", "until": "2026-11-25T12:00:01"}
    told = [CARD | {"id": f"card-{number}"} | long for number in range(50)]
    await stage.publish("notices", {"notices": told})
    [one] = await heard(stage, await stage.enrolled())
    end = "2026-11-25T12:00:01+03:00"
    assert one.notices == [
        Notice(each["id"], "2026-11-25T00:00:00+03:00", end, each["texts"], ["kiosk", "paper"]) for each in told
    ]
    with pytest.raises(ValueError, match=r"notices\[0\]") as refused:
        await stage.publish("notices", {"notices": [one | {"where": []} for one in told]})
    assert len(str(refused.value).splitlines()) == 20


@pytest.mark.parametrize("language", ["ar", "en"])
async def test_the_guides_own_example_is_published_as_it_stands_there(stage: Stage, language: str) -> None:
    guide = (DEPLOY / f"operation.{language}.md").read_text(encoding="utf-8")
    [example] = re.findall(r'^ {8}(\{"notices":.*?\n)$', guide, re.MULTILINE | re.DOTALL)
    await stage.publish("notices", msgspec.json.decode(example))
    [told] = await heard(stage, await stage.enrolled())
    assert [one.where for one in told.notices] == [["kiosk", "board", "page", "paper"]]
