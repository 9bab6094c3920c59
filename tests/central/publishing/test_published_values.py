"""What is told of keys, business days and reasons, in full, and each rule of them at its edges."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from central.base import clock
from central.base.tables.keys import app_keys
from central.base.tables.told import feed
from central.feed import EVERYONE, Audience
from central.publishing import publication
from tests.central.conftest import Stage

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
KEY: dict[str, Any] = {"kid": "00ff", "public_key": "A" * 43 + "=", "valid_from": 1, "valid_until": 2}
type Refused = Callable[..., Awaitable[str]]


@pytest.fixture
def refused(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Refused:
    monkeypatch.setattr(clock, "now", lambda: NOW)

    async def words(kind: str, content: object, audience: Audience = EVERYONE) -> str:
        with pytest.raises(publication.PublicationRefused) as error:
            await stage.publish(kind, content, audience)
        return str(error.value)

    return words


async def told(stage: Stage, kind: str) -> list[tuple[object, str | None]]:
    rows = await stage.all(select(feed).where(feed.c.kind == kind).order_by(feed.c.id))
    return [(msgspec.json.decode(row.body), row.key) for row in rows]


async def test_a_day_is_published_up_to_five_years_ahead_under_the_next_number(stage: Stage, refused: Refused) -> None:
    for content in ({"date": "2026-11-24"}, {"date": "2031-11-24"}, {"date": "2026-11-25", "serial": 9}):
        assert await stage.publish("business-day", content)
    assert [body for body, _ in await told(stage, "business-day")] == [
        {"date": "2026-11-24", "serial": 1}, {"date": "2031-11-24", "serial": 2}, {"date": "2026-11-25", "serial": 9},
    ]  # fmt: skip
    assert await refused("business-day", {"date": "2031-11-25"}) == (
        "date: found '2031-11-25', expected one up to 2031-11-24: after it no kiosk would open an earlier day"
    )
    for again in ("2026-11-25", "2026-11-24"):
        assert await refused("business-day", {"date": again, "serial": 9}) == (
            "serial: found 9, expected a number above the last one, 9, or none; or 9 with a later date"
        )
    await stage.publish("business-day", {"date": "2026-11-26", "serial": 9})
    assert (await told(stage, "business-day"))[-1][0] == {"date": "2026-11-26", "serial": 9}


async def test_a_key_is_kept_and_told_and_one_that_is_revoked_from_now(stage: Stage, refused: Refused) -> None:
    number = await stage.publish("app-key", KEY)
    assert number == (await stage.all(select(feed.c.id).where(feed.c.kind == "app-key")))[0].id
    await stage.publish("app-key", KEY | {"valid_from": 3, "valid_until": 9})
    assert [key for _, key in await told(stage, "app-key")] == ["00ff", "00ff"]
    (row,) = await stage.all(select(app_keys))
    assert (row.kid, row.public_key, row.valid_from, row.valid_until, row.revoked_at) == (
        "00ff", KEY["public_key"], 3, 9, None,
    )  # fmt: skip
    unknown = "kid: found '0100', expected the id of a published app key, 4 hex digits"
    assert await refused("app-key-revoked", {"kid": "0100"}) == unknown
    await stage.publish("app-key-revoked", {"kid": "00ff"})
    moment = int(NOW.timestamp())
    assert await told(stage, "app-key-revoked") == [({"kid": "00ff", "revoked_at": moment}, "00ff")]
    assert await stage.publish("app-key-revoked", {"kid": "00ff", "revoked_at": moment}), "the same moment again"
    assert await refused("app-key-revoked", {"kid": "00ff", "revoked_at": moment + 1}) == (
        f"revoked_at: found {moment + 1}, expected no later than {moment}: it was revoked then"
    )
    (row,) = await stage.all(select(app_keys))
    assert row.revoked_at == moment
    assert await refused("app-key", KEY) == (
        "kid: found '00ff', expected a key id that was not revoked; give the new key another"
    )
    assert (await refused("app-key", KEY | {"kid": "0100", "public_key": "x" * 61})).startswith(
        f"public_key: found '{'x' * 60}', expected base64"
    )


async def test_what_is_not_for_some_or_not_of_a_kind_is_refused_in_words(stage: Stage, refused: Refused) -> None:
    here = Audience("homs-main")
    assert await refused("app-key", KEY, here) == (
        "--centre, --kiosk: found 'app-key', expected calendar, catalogue, notices or settings; all else is for all"
    )
    assert await refused("no-such", {}) == f"KIND: found 'no-such', expected one of {', '.join(publication.KINDS)}"
    assert await refused("central-keys", {"rotate": ["signing"], "retire": ["00ff"]}) == (
        "retire: found ('00ff',), expected alone: rotate first, retire when kiosks have heard"
    )
    assert await refused("central-keys", {"rotate": []}) == (
        'rotate: found (), expected at least one of "signing", "sealing", "claims", "receipts"'
    )
    assert await refused("central-keys", {"rotate": ["signing", "claims"]}) == (
        "rotate: found ('signing', 'claims'), expected \"claims\" alone"
    )
    assert await refused("central-keys", {"rotate": ["receipts", "sealing"]}) == (
        "rotate: found ('receipts', 'sealing'), expected \"receipts\" alone"
    )


async def test_reasons_name_all_that_is_wrong_at_once_and_the_longest_name_is_taken(stage: Stage) -> None:
    other = {"code": "other", "names": {"ar": "ي" * 40, "en": "x" * 40}}
    assert await stage.publish("reasons", {"reasons": [other]})
    wrong = [{"code": "power", "names": {"ar": "ي", "en": "x" * 41}}, {"code": "power", "names": {"ar": " "}}]
    with pytest.raises(ValueError, match="power") as error:
        await stage.publish("reasons", {"reasons": wrong})
    assert str(error.value).splitlines() == [
        "reasons: power stands twice",
        f"reasons (power): found '{'x' * 41}', expected at most 40 letters",
        "reasons (power): expected a name in ar and en too",
        'reasons: expected one with the code "other" too: not every cause has a name',
    ]


async def test_what_is_published_is_answered_with_its_last_message(stage: Stage) -> None:
    """Who has published waits for that number; 0 where nobody had to be told."""

    async def newest() -> int:
        return max([int(row.id) for row in await stage.all(select(feed.c.id))])

    await stage.enrolled_hub()
    for kind, content in (
        ("central-keys", {}),
        ("central-keys", {"rotate": ["claims"]}),
        ("central-keys", {"rotate": ["signing"]}),
        ("messages", {"centre": None, "kinds": []}),
        ("counters", {"centre": "homs-main", "counters": []}),
        ("notices", {"notices": []}),
        ("calendar", {"days": [], "year": 2026}),
        ("settings", {"kiosk.opens": "08:00"}),
    ):
        assert await stage.publish(kind, content) == await newest(), kind
    assert await stage.publish("messages", {"centre": None, "kinds": ["near"]}) == 0
