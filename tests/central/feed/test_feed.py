import asyncio
import base64
from datetime import timedelta

import msgspec
import pytest
from msgspec import UnsetType
from sqlalchemy import select

from central import feed
from central.base import clock
from central.base.tables.enrolled import kiosks
from central.feed import messages, pages
from central.publishing import technician
from common.protocol.central_keys import endorsement, retirement_text
from common.protocol.envelope import MAX_SIGNING_KEYS
from common.protocol.feed_message import CentralKeys
from common.protocol.feed_page import FeedPage
from tests.central.conftest import Stage, check_signed
from tests.kit.sender import Sender

DAY = {"date": "2026-11-25"}
ORDER = "0f" * 16


def kinds(page: FeedPage) -> list[str]:
    return [message.kind for message in page.messages]


async def test_a_kiosk_hears_each_message_once_in_order(stage: Stage) -> None:
    sender = await stage.enrolled()
    assert (await stage.feed(sender)).snapshot
    await stage.publish("business-day", DAY)
    await stage.publish("settings", {"kiosk.help_call": True})
    page = await stage.feed(sender)
    assert (kinds(page), page.snapshot) == (["business-day", "settings"], True)
    await stage.publish("order-state", {"order": ORDER, "state": "ready"})
    news = await stage.feed(sender, f"?after={page.cursor}")
    assert (kinds(news), news.snapshot) == (["order-state"], False)
    nothing = await stage.feed(sender, f"?after={news.cursor}")
    assert (nothing.messages, nothing.cursor, nothing.snapshot) == ([], news.cursor, False)


async def test_a_cursor_that_central_never_gave_out_brings_a_snapshot(stage: Stage) -> None:
    sender = await stage.enrolled()
    number = await stage.publish("business-day", DAY)
    for query in ("", "?after=0", "?after=999", "?after=x", "?after=", "?after=-1", f"?after={10**30}"):
        page = await stage.feed(sender, query)
        assert (page.snapshot, page.through, kinds(page)) == (True, number, ["business-day"]), query


async def test_a_snapshot_says_only_what_still_holds(stage: Stage) -> None:
    sender = await stage.enrolled()
    for state in ("in_progress", "ready", "collected"):
        await stage.publish("order-state", {"order": ORDER, "state": state})
    await stage.publish("settings", {"kiosk.help_call": True, "screen.brightness": 30})
    await stage.publish("settings", {"screen.brightness": 50})
    await stage.publish("business-day", DAY)
    await stage.publish("business-day", {"date": "2026-11-26"})
    bodies = [(one.kind, msgspec.json.decode(one.body)) for one in (await stage.feed(sender)).messages]
    assert bodies == [
        ("order-state", {"order": ORDER, "state": "collected"} | dict.fromkeys(("number", "at", "centre", "service"))),
        ("settings", {"kiosk.help_call": True, "screen.brightness": 50}),
        ("business-day", {"date": "2026-11-26", "serial": 2}),
    ]


async def test_a_centres_technicians_reach_that_centre_alone(stage: Stage) -> None:
    main, new = await stage.enrolled("homs-main"), await stage.enrolled("homs-new")
    async with stage.engine.begin() as connection:
        pin = await technician.appoint(connection, "سامر", ["homs-new"], "manager")
    await stage.publish("business-day", DAY)
    assert kinds(await stage.feed(main)) == ["business-day"]
    page = await stage.feed(new)
    assert kinds(page) == ["technician", "business-day"]
    body = msgspec.json.decode(page.messages[0].body)
    assert body["pin_hash"].startswith("$argon2id$")
    assert pin not in str(body)
    increments = await stage.feed(main, await stage.after(1))
    assert (kinds(increments), increments.through) == (["business-day"], 2)


async def _states_heard(stage: Stage, sender: Sender) -> list[tuple[str, str | None]]:
    said = [msgspec.json.decode(one.body) for one in (await stage.feed(sender)).messages if one.kind == "order-state"]
    return [(body["state"], body["centre"]) for body in said]


async def test_an_order_s_state_goes_to_its_centre_and_to_whoever_heard_of_it_before(stage: Stage) -> None:
    main, new, hamra = [await stage.enrolled(centre) for centre in ("homs-main", "homs-new", "homs-hamra")]
    await stage.publish("order-state", {"order": ORDER, "state": "in_progress", "centre": "homs-main"})
    await stage.publish("order-state", {"order": ORDER, "state": "ready", "centre": "homs-new"})
    for sender in (main, new):
        assert await _states_heard(stage, sender) == [("ready", "homs-new")]
    assert await _states_heard(stage, hamra) == []
    # By post, and an order that is no centre's yet: a citizen asks anywhere.
    await stage.publish("order-state", {"order": "1" * 32, "state": "by_post", "centre": "post"})
    await stage.publish("order-state", {"order": "2" * 32, "state": "in_progress"})
    assert await _states_heard(stage, hamra) == [("by_post", "post"), ("in_progress", None)]
    await stage.publish("order-state", {"order": "2" * 32, "state": "ready", "centre": "homs-main"})
    assert await _states_heard(stage, hamra) == [("by_post", "post"), ("ready", "homs-main")]


@pytest.mark.parametrize(("state", "days"), [("collected", 91), ("ready", 401)])
async def test_a_snapshot_holds_no_state_of_long_ago(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, state: str, days: int
) -> None:
    sender, now = await stage.enrolled(), clock.now()
    monkeypatch.setattr(clock, "now", lambda: now - timedelta(days=days))
    await stage.publish("order-state", {"order": ORDER, "state": state})
    monkeypatch.setattr(clock, "now", lambda: now - timedelta(days=days - 2))
    await stage.publish("order-state", {"order": "1" * 32, "state": state})
    monkeypatch.setattr(clock, "now", lambda: now)
    (message,) = (await stage.feed(sender)).messages
    assert msgspec.json.decode(message.body)["order"] == "1" * 32


async def test_at_the_feeds_end_there_is_nothing_but_what_central_lacks(stage: Stage) -> None:
    sender = await stage.enrolled()
    ticket = sender.ticket()
    await stage.deliver(sender, ticket)
    await stage.publish("business-day", DAY)
    page = await stage.feed(sender)
    query = f"?after={page.cursor}&acked={sender.epoch}.{ticket.seq}.{ticket.hash}"
    page = await stage.feed(sender, query)
    assert (page.messages, page.missing) == ([], [])
    lacked = await stage.feed(sender, query.replace(ticket.hash, "0" * 64))
    assert lacked.missing, "an item that central lacks is asked for, also at the feed's end"


async def test_a_long_feed_comes_in_pages(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PAGE_MESSAGES", 2)
    sender = await stage.enrolled()
    for number in range(10, 15):
        await stage.publish("settings", {"screen.brightness": number})
    heard: list[int] = []
    page = await stage.feed(sender, await stage.after(1))
    while page.messages:
        heard += [msgspec.json.decode(one.body)["screen.brightness"] for one in page.messages]
        assert page.more == (len(heard) < 4)
        page = await stage.feed(sender, f"?after={page.cursor}")
    assert heard == [11, 12, 13, 14]


@pytest.mark.parametrize("limit", [("PAGE_MESSAGES", 2), ("PAGE_CHARACTERS", 250)])
async def test_a_snapshot_comes_in_parts_that_hold_what_held_when_it_began(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, limit: tuple[str, int]
) -> None:
    monkeypatch.setattr(pages, *limit)
    sender = await stage.enrolled()
    for number in range(7):
        await stage.publish("order-state", {"order": f"{number:032x}", "state": "ready"})
    await stage.publish("settings", {"screen.brightness": 10})
    page = await stage.feed(sender)
    parts = [page]
    await stage.publish("order-state", {"order": f"{6:032x}", "state": "collected"})  # meanwhile
    await stage.publish("settings", {"screen.brightness": 20})
    while page.more:
        page = await stage.feed(sender, f"?after={page.cursor}")
        parts.append(page)
    assert len(parts) > 2
    assert [one.part for one in parts] == list(range(len(parts)))
    assert {(one.snapshot, one.through, one.epoch) for one in parts} == {(True, 8, parts[0].epoch)}
    said = [msgspec.json.decode(message.body) for one in parts for message in one.messages]
    assert [body.get("state", body.get("screen.brightness")) for body in said] == ["ready"] * 7 + [10]
    news = await stage.feed(sender, f"?after={page.cursor}")
    assert (kinds(news)[:1], news.snapshot) == (["order-state"], False)


async def test_one_message_that_is_larger_than_a_page_comes_alone(stage: Stage) -> None:
    sender = await stage.enrolled()
    for number in range(3):
        async with stage.engine.begin() as connection:
            await feed.append(connection, "settings", {f"text{number}{n}": "x" * 1900 for n in range(20)})
    start = await stage.after(1)
    page = await stage.feed(sender, start)
    assert (len(page.messages), page.more) == (1, True)
    page = await stage.feed(sender, f"?after={page.cursor}")
    assert (len(page.messages), page.more) == (1, False)


@pytest.mark.timeout(150)
async def test_a_reader_never_skips_what_commits_late(stage: Stage) -> None:
    """Many writers and one reader that keeps its cursor: in the end it has heard every id, each once."""
    sender = await stage.enrolled()
    before_all = await stage.publish("business-day", DAY)  # a writer that came before it would never be heard
    heard: list[int] = []
    total = 60

    async def write(start: int) -> None:
        for number in range(start, start + total // 4):
            await stage.publish("order-state", {"order": f"{number:032x}", "state": "ready"})

    async def listen() -> None:
        query = await stage.after(before_all)
        while len(heard) < total:
            page = await stage.feed(sender, query)
            heard.extend(message.id for message in page.messages if message.kind == "order-state")
            query = f"?after={page.cursor}"

    async with asyncio.timeout(120):  # for a machine that is busy with everything else
        await asyncio.gather(listen(), *(write(start) for start in range(0, total, total // 4)))
    assert heard == sorted(set(heard))
    assert len(heard) == total


async def test_a_revoked_app_key_stays_revoked_in_every_snapshot(stage: Stage) -> None:
    sender = await stage.enrolled()
    key = {"kid": "00ff", "public_key": "A" * 43 + "=", "valid_from": 1, "valid_until": 2**40}
    await stage.publish("app-key", key)
    await stage.publish("app-key-revoked", {"kid": "00ff", "revoked_at": 5})
    with pytest.raises(ValueError, match="kid: found '00ff'"):
        await stage.publish("app-key", key)
    assert kinds(await stage.feed(sender)) == ["app-key", "app-key-revoked"]


async def test_a_kiosk_is_answered_with_the_old_key_until_it_has_heard_of_the_new(stage: Stage) -> None:
    sender = await stage.enrolled()
    (old,) = sender.central_keys
    announced = await stage.publish("central-keys", {"rotate": ["signing"]})
    page = await stage.feed(sender)
    keys = msgspec.json.decode(page.messages[0].body, type=CentralKeys)
    assert keys.signing[0].kid == old
    new = keys.signing[1]
    assert (new.signed_by, len(keys.signing)) == (old, 2)
    assert new.signature is not None
    sender.central_keys[old].verify(base64.b64decode(new.signature), endorsement(new.kid, new.public_key))
    assert await _kid(stage) == old
    sender.trust(new.kid, new.public_key)
    at, before = await stage.after(announced), await stage.after(announced - 1)
    await stage.feed(sender, at)
    assert await _kid(stage) == new.kid
    # Who asks from the beginning has lost its store, and with it what came after the enrolment.
    for query, kid in ((at, new.kid), ("", old), (before, old)):
        path = f"/v1/kiosks/{sender.kiosk}/feed{query}"
        headers = sender.signature("GET", path)
        assert check_signed(sender, await stage.client.get(path, headers=headers), headers) == kid
        assert await _kid(stage) == kid


async def test_an_enrolment_holds_as_many_signing_keys_as_it_may_with_the_first_and_the_newest(stage: Stage) -> None:
    (first,) = (await stage.enrolled()).central_keys
    for _ in range(MAX_SIGNING_KEYS):
        await stage.publish("central-keys", {"rotate": ["signing"]})
    late = await stage.enrolled()
    assert len(late.central_keys) == MAX_SIGNING_KEYS
    newest = (await stage.feed(late)).messages[0].body
    assert {first, msgspec.json.decode(newest, type=CentralKeys).signing[-1].kid} < set(late.central_keys)


async def test_the_time_is_signed_with_a_key_that_every_kiosk_knows(stage: Stage) -> None:
    sender = await stage.enrolled()
    await stage.publish("central-keys", {})
    late = await stage.enrolled()
    assert len(late.central_keys) == 2
    for odd in ("a%20b!", "a%0A", "", "a" * 129):
        headers = sender.signature("GET", f"/v1/time?nonce={odd}")
        response = await stage.client.get(f"/v1/time?nonce={odd}", headers=headers)
        assert response.status_code == 400, odd
    (old,) = sender.central_keys
    (newest,) = set(late.central_keys) - {old}
    for asks, query, kid in (
        (late, "", newest),
        (late, f"&known={old},{newest}", newest),
        (sender, f"&known={old}", old),
        (late, "&known=0badcafe", newest),
    ):
        path = f"/v1/time?nonce=a-b!{query}"
        headers = sender.signature("GET", path)
        response = await stage.client.get(path, headers=headers)
        assert response.json()["nonce"] == "a-b!"
        assert check_signed(asks, response, headers) == kid


async def test_a_key_that_was_taken_back_signs_for_nobody_who_has_heard_it(stage: Stage) -> None:
    sender = await stage.enrolled()
    (old,) = sender.central_keys
    await stage.publish("central-keys", {"rotate": ["signing"]})
    late = await stage.enrolled()
    (new,) = set(late.central_keys) - {old}
    for wrong in ([new], ["0badcafe"], [old, new]):
        with pytest.raises(ValueError, match="retire"):
            await stage.publish("central-keys", {"retire": wrong})
    with pytest.raises(ValueError, match="alone"):
        await stage.publish("central-keys", {"rotate": ["signing"], "retire": [old]})
    number = await stage.publish("central-keys", {"retire": [old]})
    page = await stage.feed(sender)  # signed by the old one still: it is all that this kiosk knows
    said = msgspec.json.decode(page.messages[-1].body, type=CentralKeys).signing[0]
    assert (said.kid, said.retired_by) == (old, new)
    assert said.retirement is not None
    late.central_keys[new].verify(base64.b64decode(said.retirement), retirement_text(old))
    sender.central_keys = {new: late.central_keys[new]}
    await stage.feed(sender, await stage.after(number))
    assert set((await stage.enrolled()).central_keys) == {new}
    for query in ("", f"&known={old}"):
        path = f"/v1/time?nonce=a{query}"
        headers = sender.signature("GET", path)
        assert check_signed(sender, await stage.client.get(path, headers=headers), headers) == new


async def test_a_kiosk_enrolled_after_a_retirement_is_known_by_its_own_first_key(stage: Stage) -> None:
    first = await stage.enrolled()
    (old,) = first.central_keys
    await stage.publish("central-keys", {"rotate": ["signing"]})
    await stage.publish("central-keys", {"retire": [old]})
    late = await stage.enrolled()
    await stage.publish("central-keys", {"rotate": ["signing"]})
    await stage.feed(late)  # as after the loss of its store: signed with a key of its enrolment, or refused here


async def _kid(stage: Stage) -> str:
    (row,) = await stage.all(select(kiosks.c.signing_kid))
    return str(row.signing_kid)


async def test_a_request_for_which_no_answer_can_be_signed_is_the_callers_fault(stage: Stage) -> None:
    for header in (b"Content-Digest", "\t,;=é".encode()), (b"Host", b"a b"):
        response = await stage.client.get("/v1/time?nonce=a", headers=[header])
        assert (response.status_code, response.headers["Content-Type"]) == (400, "application/problem+json")


async def test_the_answer_to_a_batch_says_how_far_the_feed_goes_for_its_sender(stage: Stage) -> None:
    main, other, new = await stage.enrolled(), await stage.enrolled(), await stage.enrolled("homs-new")

    async def marks() -> list[int | UnsetType]:
        return [(await stage.deliver(sender, sender.ticket())).feed_through for sender in (main, other, new)]

    assert await marks() == [0, 0, 0]
    await stage.publish("business-day", DAY)
    assert await marks() == [1, 1, 1]
    async with stage.engine.begin() as connection:
        await technician.appoint(connection, "Rana", ["homs-main"], "technician")
        await messages.append(connection, "settings", {"x": 3}, audience=messages.Audience(kiosk=main.kiosk))
    assert await marks() == [3, 2, 1]
    assert (await stage.feed(main)).through == 3
    await stage.revoke(other)
    assert await marks() == [3, 4, 1], "above all there is: the revoked one asks, and is told so"
