"""What works now, as anybody may know it: nothing old as present, no person to be found, and no query for a visitor."""

import json
import re
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from central.base import clock
from central.feed import Audience
from central.insight.centres import copies
from central.insight.centres.now import Centres, centres_now
from central.insight.centres.reading import Known
from central.publishing import publication
from common.protocol.queue.call import WaitingList
from common.protocol.queue.service_now import CentreNow, GroupNow, ServiceNow
from tests.central.conftest import Stage
from tests.central.insight.centres.conftest import NOON, Time
from tests.kit.sender import Sender
from tests.kit.statements import asked_for

SINCE = "2026-11-25T06:40:00Z"


def word(time: Time, *stopped: str, state: Any = "open", groups: dict[str, GroupNow] | None = None) -> WaitingList:
    services = [
        ServiceNow(service=code, state="interrupted", reason="registry-line", since=SINCE, until="13:30")
        if code in stopped
        else ServiceNow(service=code)
        for code in ("civil-affairs", "judicial-record", "water-bill")
    ]
    now = CentreNow(state=state, services=services, groups=groups or {"A": GroupNow(waiting=0)})
    return WaitingList(clock.as_text(time.now), "2026-11-25", 1, {}, [], now=now)


async def data(stage: Stage) -> dict[str, dict[str, Any]]:
    answer = await stage.client.get("/v1/centres")
    assert answer.status_code == 200
    return {one["centre"]: one for one in answer.json()["centres"]}


def service(centre: dict[str, Any], code: str) -> dict[str, Any]:
    return next(one for one in centre["services"] if one["service"] == code)


async def two_hubs(stage: Stage) -> tuple[Sender, Sender]:
    return await stage.enrolled_hub(), await stage.enrolled_hub("homs-new")


async def test_an_interruption_is_told_with_reason_and_where_the_service_works(stage: Stage, time: Time) -> None:
    here, there = await two_hubs(stage)
    await stage.deliver(here, waiting=word(time, "civil-affairs"))
    await stage.deliver(there, waiting=word(time))
    found = service((await data(stage))["homs-main"], "civil-affairs")
    names = found.pop("reason_names"), found.pop("names")
    assert found == {
        "service": "civil-affairs", "state": "interrupted", "reason": "registry-line", "since": SINCE, "until": "13:30",
        "also_at": [{"centre": "homs-new", "as_of": clock.as_text(NOON)}],
    }  # fmt: skip
    assert [one["ar"] for one in names] == ["خط السجل المدني", "وثائق الشؤون المدنية"]
    assert service((await data(stage))["homs-main"], "water-bill")["state"] == "working"
    page = (await stage.client.get("/centres")).text
    assert "متوقفة منذ الساعة 09:40: خط السجل المدني" in page
    assert "تعمل في: مركز حمص الجديدة" in page


async def test_after_forty_seconds_without_a_word_nothing_is_known_and_no_old_figure_is_shown(
    stage: Stage, time: Time
) -> None:
    hub = await stage.enrolled_hub()
    groups = {"A": GroupNow(waiting=31, low_s=600, high_s=1500, today="doubtful")}
    await stage.deliver(hub, waiting=word(time, "civil-affairs", groups=groups))
    page = (await stage.client.get("/centres/homs-main")).text
    for shown in ("31 شخصاً", "متوقفة", "قد لا يصل دوره اليوم"):
        assert shown in page
    time.now += timedelta(seconds=41)
    found = (await data(stage))["homs-main"]
    assert (found["state"], found["groups"], found["heard_at"]) == ("unknown", [], clock.as_text(NOON))
    assert {one["state"] for one in found["services"]} == {"unknown"}
    assert service(found, "civil-affairs")["reason"] is None
    page = (await stage.client.get("/centres/homs-main")).text
    assert "لا خبر من المركز منذ الساعة 12:00" in page
    for old in ("31 شخصاً", "متوقفة", "تعمل<", "قد لا يصل"):
        assert old not in page


async def test_a_centre_whose_hub_never_spoke_is_unknown(stage: Stage, time: Time) -> None:
    await stage.enrolled_hub()
    found = (await data(stage))["homs-main"]
    assert (found["state"], found["heard_at"]) == ("unknown", None)
    assert "لا خبر من المركز بعد" in (await stage.client.get("/centres/homs-main")).text


async def test_fewer_than_three_are_few(stage: Stage, time: Time) -> None:
    hub = await stage.enrolled_hub()
    groups = {letter: GroupNow(waiting=n) for letter, n in (("A", 0), ("B", 2), ("C", 3))}
    await stage.deliver(hub, waiting=word(time, groups=groups))
    found = (await data(stage))["homs-main"]["groups"]
    assert [(one["group"], one["waiting"]) for one in found] == [("A", "few"), ("B", "few"), ("C", 3)]


@pytest.mark.parametrize(
    ("seconds", "waiting", "expected"),
    [((600, 1500), 5, (10, 25)), ((None, None), 5, (None, None))],
)
async def test_a_range_is_told_in_minutes(
    stage: Stage, time: Time, seconds: tuple[int | None, int | None], waiting: int, expected: tuple[int, int]
) -> None:
    hub = await stage.enrolled_hub()
    group = GroupNow(waiting=waiting, low_s=seconds[0], high_s=seconds[1])
    await stage.deliver(hub, waiting=word(time, groups={"A": group}))
    found = (await data(stage))["homs-main"]["groups"][0]
    assert (found["low_min"], found["high_min"]) == expected


async def test_hours_and_calendar_close_whatever_a_hub_says_or_does_not_say(stage: Stage, time: Time) -> None:
    hub = await stage.enrolled_hub()
    await stage.publish("settings", {"kiosk.opens": "08:00", "kiosk.closes": "14:00"})
    await stage.deliver(hub, waiting=word(time))
    found = (await data(stage))["homs-main"]
    assert (found["state"], found["opens"], found["closes"]) == ("open", "08:00", "14:00")
    day = {"date": "2026-11-26", "closed": True, "names": {"ar": "عيد", "en": "Holiday"}}
    await stage.publish("calendar", {"centre": None, "days": [day]})
    time.now += timedelta(seconds=10)
    assert "مغلق يوم الخميس 26 تشرين الثاني: عيد" in (await stage.client.get("/centres/homs-main")).text
    time.now += timedelta(hours=3)  # 15:00, and the hub is silent
    found = (await data(stage))["homs-main"]
    assert (found["state"], service(found, "water-bill")["state"]) == ("closed", "closed")
    time.now = NOON + timedelta(days=1)
    await stage.deliver(hub, waiting=word(time))
    found = (await data(stage))["homs-main"]
    assert (found["state"], found["opens"]) == ("closed", None)
    assert "مغلق اليوم: عيد" in (await stage.client.get("/centres/homs-main")).text


async def test_of_a_day_that_was_closed_early_no_page_says_that_it_is_open(stage: Stage, time: Time) -> None:
    hub = await stage.enrolled_hub()
    await stage.publish("settings", {"kiosk.opens": "08:00", "kiosk.closes": "14:00"})
    page = "/centres/homs-main?lang=en"
    for state, says_hours in (("open", True), ("closed", False)):
        await stage.deliver(hub, waiting=word(time, state=state))
        found = (await stage.client.get(page)).text
        assert ("Open today from 08:00 to 14:00" in found) is says_hours
        assert ('<p class="state">Closed now</p>' in found) is not says_hours
        time.now += timedelta(seconds=11)
    time.now = NOON + timedelta(hours=3)
    assert "Open today from 08:00 to 14:00" in (await stage.client.get(page)).text


async def test_hours_of_two_audiences_that_do_not_fit_are_none_and_cost_no_page(stage: Stage, time: Time) -> None:
    for hub in await two_hubs(stage):
        await stage.deliver(hub, waiting=word(time))
    async with stage.engine.begin() as connection:
        for content, audience in (
            (b'{"kiosk.closes": "10:00"}', Audience("homs-main")),
            (b'{"kiosk.closes": "15:00"}', Audience("homs-new")),
            (b'{"kiosk.opens": "11:00"}', Audience()),
        ):
            await publication.publish(connection, "settings", content, stage.ring, audience)
    found = await data(stage)
    assert (found["homs-main"]["state"], found["homs-main"]["opens"]) == ("open", None)
    assert (found["homs-new"]["state"], found["homs-new"]["opens"]) == ("open", "11:00")


async def test_of_two_hubs_the_one_with_the_greater_term_speaks(stage: Stage, time: Time) -> None:
    first, second = await stage.enrolled_hub(), await stage.enrolled_hub()
    newer = word(time, "civil-affairs")
    await stage.deliver(second, waiting=WaitingList(newer.at, newer.business_day, 2, {}, now=newer.now))
    time.now += timedelta(seconds=5)
    await stage.deliver(first, waiting=word(time))
    assert service((await data(stage))["homs-main"], "civil-affairs")["state"] == "interrupted"


async def test_an_unknown_centre_is_404_and_not_kept(stage: Stage, time: Time) -> None:
    for name in ("no-such", "../etc", "x" * 500):
        assert (await stage.client.get(f"/centres/{name}")).status_code == 404


async def test_no_visitor_costs_a_query_and_each_answer_bears_its_age(stage: Stage, time: Time) -> None:
    hub = await stage.enrolled_hub()
    await stage.deliver(hub, waiting=word(time))
    await stage.client.get("/centres")
    with asked_for("waiting_lists") as asked:
        for second in range(60):
            time.now = NOON + timedelta(seconds=second)
            for _ in range(5):
                answer = await stage.client.get("/centres")
                assert answer.headers["Refresh"] == "30"
            assert answer.headers["Age"] == str(second % 10)
            assert int(answer.headers["X-Accel-Expires"]) == 10 - second % 10
    assert len(asked) == 5, "one each ten seconds, after the first"
    tag = {"If-None-Match": answer.headers["ETag"]}
    assert (await stage.client.get("/centres", headers=tag)).status_code == 304


async def test_what_is_known_is_worked_out_once_for_every_page_and_for_those_that_do_not_exist(
    stage: Stage, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = await stage.enrolled_hub()
    await stage.deliver(hub, waiting=word(time))
    readings: list[Known] = []

    def noted(known: Known) -> Centres:
        readings.append(known)
        return centres_now(known)

    monkeypatch.setattr(copies, "centres_now", noted)
    for path in ("centres", "centres?lang=en", "centres/homs-main", "centres.atom", "centres/a", "centres/b"):
        assert (await stage.client.get(f"/{path}")).status_code == (404 if path[-2:] in ("/a", "/b") else 200)
    assert len(readings) == 1
    time.now += timedelta(seconds=10)
    for path in ("centres", "centres/a", "centres/b"):
        await stage.client.get(f"/{path}")
    assert len(readings) == 2


async def test_data_are_for_any_page_and_at_most_five_seconds_old(stage: Stage, time: Time) -> None:
    hub = await stage.enrolled_hub()
    await stage.deliver(hub, waiting=word(time))
    answer = await stage.client.get("/v1/centres")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    await stage.deliver(hub, waiting=word(time, "civil-affairs"))
    time.now += timedelta(seconds=4)
    again = await stage.client.get("/v1/centres")
    assert (again.content, again.headers["Age"]) == (answer.content, "4")
    time.now += timedelta(seconds=1)
    assert service((await data(stage))["homs-main"], "civil-affairs")["state"] == "interrupted"


async def test_the_first_view_is_small_with_every_centre_interrupted(stage: Stage, time: Time) -> None:
    for hub in await two_hubs(stage):
        groups = {letter: GroupNow(waiting=99, low_s=600, high_s=1500, today="doubtful") for letter in "ABCD"}
        stopped = ("civil-affairs", "judicial-record", "water-bill")
        await stage.deliver(hub, waiting=word(time, *stopped, groups=groups))
    page = await stage.client.get("/centres")
    style = await stage.client.get("/centres/-/centres.css")
    each = (len(page.content) - 1200) / 3
    assert 1200 + each * 8 + len(style.content) < 15_000, "eight centres, and the style"
    assert "<script" not in page.text


async def atom(stage: Stage, language: str = "en") -> ET.Element:
    return ET.fromstring((await stage.client.get(f"/centres.atom?lang={language}")).content)


async def test_what_is_wrong_in_a_hubs_word_costs_nobody_the_page(stage: Stage, time: Time) -> None:
    hub = await stage.enrolled_hub()
    await stage.deliver(hub, waiting=WaitingList(clock.as_text(NOON), "2026-11-25", 1, {"A": 4}))  # of an older version
    assert (await data(stage))["homs-main"]["state"] == "unknown"


async def test_search_engines_read_papers_and_fees_that_the_city_has_said(stage: Stage, time: Time) -> None:
    papers = [{"ar": "هوية </script><b>", "en": "Identity card </script><b>"}]
    hours = {"days": ["sun", "mon"], "opens": "09:00", "closes": "12:00"}
    own = {"prefix": "A", "papers": papers, "fee": {"amount_minor": 5000, "pound": "new"}, "hours": hours}
    entry = {"code": "clearance", "names": {"ar": "براءة ذمة", "en": "Clearance"}} | own
    await stage.publish("catalogue", {"services": [entry]})
    page = (await stage.client.get("/centres/homs-main?lang=en")).text
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    office, *services = json.loads(block)["@graph"]
    assert (office["@type"], office["name"]) == ("GovernmentOffice", "Main centre")
    told = next(one for one in services if one["name"] == "Clearance")
    assert told == {
        "@type": "GovernmentService",
        "name": "Clearance",
        "provider": {"@id": office["@id"]},
        "description": "Papers to bring: Identity card </script><b>",
        "offers": told["offers"],
        "hoursAvailable": told["hoursAvailable"],
    }
    assert told["hoursAvailable"] == {
        "@type": "OpeningHoursSpecification", "dayOfWeek": ["Sunday", "Monday"], "opens": "09:00", "closes": "12:00",
    }  # fmt: skip
    assert told["offers"]["priceSpecification"] == {
        "@type": "PriceSpecification", "price": "50", "priceCurrency": "SYP", "name": "new Syrian pounds",
    }  # fmt: skip
    assert all("offers" not in one for one in services if one is not told), "nobody has said what they cost"
    assert page.count("<script") == 1


async def test_a_centres_page_is_small_with_all_that_a_city_says(stage: Stage, time: Time) -> None:
    hub = await stage.enrolled_hub()
    await stage.deliver(hub, waiting=word(time, "civil-affairs", "judicial-record", "water-bill"))
    papers = [{"ar": "صورة مصدقة عن الهوية الشخصية", "en": "Certified copy of the identity card"}] * 2
    services = [
        {"code": one["service"], "names": one["names"], "prefix": "A", "papers": papers,
         "fee": {"amount_minor": 5000, "pound": "new"}}
        for one in (await data(stage))["homs-main"]["services"][:10]  # bills need none
    ]  # fmt: skip
    await stage.publish("catalogue", {"services": services})
    time.now += timedelta(seconds=20)
    page = await stage.client.get("/centres/homs-main")
    files = [await stage.client.get(f"/centres/-/{name}") for name in ("centres.css", "brand.css")]
    assert page.text.count("صورة مصدقة عن الهوية") == 2 * 2 * len(services)
    assert len(page.content) + sum(len(one.content) for one in files) < 15_000
