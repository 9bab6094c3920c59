"""Hubs: enrolled beside the kiosks, told of them, and told of to them; nobody else hears who may call."""

from typing import Any

import msgspec
import pytest

from central.kiosks.enrolment import Role
from central.publishing import clerk
from central.publishing.publication import PublicationRefused
from common.protocol.feed_page import FeedMessage
from common.protocol.queue.call import WaitingList
from tests.central.conftest import URL, Stage
from tests.kit.sender import Sender

COUNTER = {"number": 1, "names": {"ar": "الأحوال المدنية", "en": "Civil affairs"}, "groups": ["A", "B"]}
COUNTERS: dict[str, Any] = {"centre": "homs-main", "counters": [COUNTER]}
PLACE = {"role": "hub", "address": "https://10.0.0.5:8090"}


def of_kind(messages: list[FeedMessage], kind: str) -> list[Any]:
    return [msgspec.json.decode(message.body) for message in messages if message.kind == kind]


async def test_a_centres_first_hub_serves_and_the_next_one_stands_by(stage: Stage) -> None:
    tried = [await stage.try_enrol(Sender("", URL), await stage.code("homs-main", "hub"), **PLACE) for _ in range(2)]
    assert [(one.json()["digit"], one.json()["term"]) for one in tried] == [(0, 1), (0, 0)]
    assert all(one.json()["kiosk"].startswith("hub-") for one in tried)


async def test_a_hub_in_service_is_moved_by_no_other_centres_code_for_its_log_would_call_there(stage: Stage) -> None:
    """Its own program refuses that place too, once central has answered: the hall would be left without its hub."""
    kiosk, hub = await stage.enrolled(), await stage.enrolled_hub()
    await stage.deliver(hub, hub.audit("store-opened"))
    code = await stage.code("homs-new", "hub")
    refused = await stage.try_enrol(hub, code, **PLACE)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/key-used")
    assert hub.kiosk in refused.json()["detail"]
    hubs = of_kind((await stage.feed(kiosk)).messages, "hubs")[-1]["hubs"]
    assert [one["id"] for one in hubs] == [hub.kiosk]
    assert (await stage.try_enrol(hub, await stage.code("homs-main", "hub"), **PLACE)).status_code == 200
    there = PLACE | {"address": "https://10.0.1.5:8090"}
    assert (await stage.try_enrol(Sender("", URL), code, **there)).status_code == 200, "the code is still good"


async def test_a_new_hub_whose_code_was_another_centres_is_enrolled_with_its_own(stage: Stage) -> None:
    hub = Sender("", URL)
    for centre in ("homs-new", "homs-main"):
        answer = await stage.try_enrol(hub, await stage.code(centre, "hub"), **PLACE)
        assert (answer.status_code, answer.json()["centre"]) == (200, centre)


async def test_an_older_hub_that_comes_from_another_centre_stands_by_where_one_serves(stage: Stage) -> None:
    moved, there = Sender("", URL), PLACE | {"address": "https://10.0.1.5:8090"}
    await stage.try_enrol(moved, await stage.code("homs-new", "hub"), **there)
    await stage.enrolled_hub()
    answer = await stage.try_enrol(moved, await stage.code("homs-main", "hub"), **there)
    assert (answer.json()["centre"], answer.json()["term"]) == ("homs-main", 0)


async def test_where_all_hubs_are_revoked_the_next_serves_above_every_term_that_was_heard(stage: Stage) -> None:
    first = await stage.enrolled_hub()
    await stage.deliver(first, waiting=WaitingList("2026-11-25T09:00:00Z", "2026-11-25", 7, {"A": 3}))
    await stage.revoke(first)
    answer = (await stage.try_enrol(Sender("", URL), await stage.code("homs-main", "hub"), **PLACE)).json()
    assert answer["term"] == 8


async def test_the_same_code_and_key_get_the_same_answer_again(stage: Stage) -> None:
    code, sender = await stage.code("homs-main", "hub"), Sender("", URL)
    first, again = [await stage.try_enrol(sender, code, **PLACE) for _ in range(2)]
    assert first.status_code == again.status_code == 200
    assert first.content == again.content


async def test_a_hub_takes_no_kiosks_digit(stage: Stage) -> None:
    await stage.enrolled_hub()
    answers = [await stage.try_enrol(Sender("", URL), await stage.code()) for _ in range(9)]
    assert [answer.json()["digit"] for answer in answers] == list(range(1, 10))


@pytest.mark.parametrize(("made_for", "used_as"), [("kiosk", PLACE), ("hub", {})])
async def test_a_code_is_good_for_its_role_alone(stage: Stage, made_for: Role, used_as: dict[str, str]) -> None:
    refused = await stage.try_enrol(Sender("", URL), await stage.code("homs-main", made_for), **used_as)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/wrong-role")
    assert f"{made_for} enrol" in refused.json()["detail"]


@pytest.mark.parametrize("address", [None, "10.0.0.5", "javascript:alert(1)", "https://hub/../x", "https://a b"])
async def test_a_hub_says_where_it_is(stage: Stage, address: str | None) -> None:
    place = {"role": "hub"} | ({"address": address} if address else {})
    refused = await stage.try_enrol(Sender("", URL), await stage.code("homs-main", "hub"), **place)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/no-address")


async def test_kiosks_hear_of_hubs_and_hubs_of_kiosks_counters_and_clerks(stage: Stage) -> None:
    kiosk, hub = await stage.enrolled(), await stage.enrolled_hub()
    await stage.publish("counters", COUNTERS)
    async with stage.engine.begin() as connection:
        await clerk.appoint(connection, "Rima", "homs-main", "clerk")
    to_kiosk, to_hub = (await stage.feed(kiosk)).messages, (await stage.feed(hub)).messages
    (hubs,) = of_kind(to_kiosk, "hubs")[-1:]
    record = {"id": hub.kiosk, "address": "https://10.0.0.5:8090", "public_key": hub.public_key}
    named = {**record, "certificate_sha256": None, "revoked": False, "n": 1}
    assert hubs == {"centre": "homs-main", "hubs": [named]}
    assert not {"kiosks", "counters", "clerks"} & {message.kind for message in to_kiosk}
    (kiosks,) = of_kind(to_hub, "kiosks")[-1:]
    assert [(one["id"], one["digit"]) for one in kiosks["kiosks"]] == [(kiosk.kiosk, 1)]
    rules = {"priority_weight": 2, "help_after_s": 1800, "carry_after_min": 60, "carry_most": 0.25}
    assert of_kind(to_hub, "counters")[-1]["rules"] == rules
    assert [one["name"] for one in of_kind(to_hub, "clerks")[-1]["clerks"]] == ["Rima"]
    assert not {"technician", "app-key", "order-state"} & {message.kind for message in to_hub}


async def test_a_revoked_kiosk_and_a_revoked_hub_are_named_as_such(stage: Stage) -> None:
    kiosk, other, hub = await stage.enrolled(), await stage.enrolled(), await stage.enrolled_hub()
    spare = await stage.enrolled_hub()
    await stage.revoke(kiosk)
    await stage.revoke(spare)
    kiosks = of_kind((await stage.feed(hub)).messages, "kiosks")[-1]["kiosks"]
    assert {one["id"]: one["revoked"] for one in kiosks} == {kiosk.kiosk: True, other.kiosk: False}
    hubs = of_kind((await stage.feed(other)).messages, "hubs")[-1]["hubs"]
    assert {one["id"]: one["revoked"] for one in hubs} == {hub.kiosk: False, spare.kiosk: True}


async def test_a_centre_without_a_hub_hears_nothing_of_hubs(stage: Stage) -> None:
    await stage.enrolled_hub("homs-new")
    kiosk = await stage.enrolled("homs-hamra")
    assert of_kind((await stage.feed(kiosk)).messages, "hubs") == []


async def test_a_clerk_gets_a_pin_that_names_him_and_a_new_one_takes_its_place(stage: Stage) -> None:
    async with stage.engine.begin() as connection:
        first = await clerk.appoint(connection, "Rima", "homs-main", "clerk")
        manager = await clerk.appoint(connection, "Nabil", "homs-main", "manager")
        again = await clerk.appoint(connection, "Rima", "homs-main", "clerk")
    assert (len(first), len(manager)) == (8, 10)
    assert first[:2] == again[:2] != manager[:2]
    assert first != again


async def test_a_hundred_clerks_have_each_a_sign_of_their_own(stage: Stage) -> None:
    async with stage.engine.begin() as connection:
        pins = [await clerk.appoint(connection, f"Clerk {n}", "homs-main", "clerk") for n in range(100)]
        with pytest.raises(ValueError, match="a hundred clerks"):
            await clerk.appoint(connection, "One more", "homs-main", "clerk")
    assert len({pin[:2] for pin in pins}) == 100


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"centre": "Homs Main"}, "centre"),
        ({"counters": [COUNTER, COUNTER]}, r"counters\[1\].number"),
        ({"counters": [COUNTER | {"names": {"ar": "واحد"}}]}, r"counters\[0\].names"),
        ({"counters": [COUNTER | {"groups": ["A", "A"]}]}, "groups"),
        ({"counters": [COUNTER | {"groups": []}]}, "groups"),
        ({"counters": [COUNTER | {"number": 0}]}, "number"),
        ({"rules": {"priority_weight": 0}}, "priority_weight"),
    ],
)
async def test_counters_that_no_hub_could_use_are_refused_by_name(
    stage: Stage, changed: dict[str, Any], named: str
) -> None:
    with pytest.raises((PublicationRefused, ValueError), match=named):
        await stage.publish("counters", COUNTERS | changed)
