"""The feed of news: interruptions and closed days, once each, none of the future."""

from datetime import datetime, timedelta

from central.base import clock
from tests.central.conftest import Stage
from tests.central.insight.centres.conftest import NOON, Time
from tests.central.insight.centres.test_centres import SINCE, atom, word


async def test_news_name_interruptions_and_closed_days_once(stage: Stage, time: Time) -> None:
    hub = await stage.enrolled_hub()
    await stage.deliver(hub, waiting=word(time, "civil-affairs"))
    day = {"date": "2026-11-26", "closed": True, "names": {"ar": "عيد", "en": "Holiday"}}
    await stage.publish("calendar", {"centre": "homs-main", "days": [day]})

    async def entries() -> dict[str, str]:
        feed = await atom(stage, "ar")
        return {one.findtext("a:id", "", OF): one.findtext("a:summary", "", OF) for one in feed.findall("a:entry", OF)}

    first = await entries()
    assert min(first.values()).startswith("متوقفة منذ الساعة 09:40: خط السجل المدني")
    assert "مغلق يوم الخميس 26 تشرين الثاني: عيد" in first.values()
    time.now += timedelta(seconds=30)
    await stage.deliver(hub, waiting=word(time, "civil-affairs"))
    assert (await entries()).keys() == first.keys()


OF = {"a": "http://www.w3.org/2005/Atom"}


async def test_no_news_is_of_the_future_and_each_leads_to_its_centre(stage: Stage, time: Time) -> None:
    hub = await stage.enrolled_hub()
    day = {"date": "2026-11-28", "closed": True, "names": {"ar": "عيد", "en": "Holiday"}}
    await stage.publish("calendar", {"centre": "homs-main", "days": [day]})
    time.now += timedelta(hours=1)
    await stage.deliver(hub, waiting=word(time, "civil-affairs"))
    feed = await atom(stage)
    assert [one.findtext("a:updated", "", OF) for one in feed.findall("a:entry", OF)] == [clock.as_text(NOON), SINCE]
    assert feed.findtext("a:updated", "", OF) == clock.as_text(NOON), "when the holiday was published"
    links = [(one.get("rel"), one.get("href")) for one in feed.findall("a:entry/a:link", OF)]
    assert links == [("alternate", "/centres/homs-main")] * 2
    said = "Interrupted since 09:40: Civil registry line. Expected to work again at 13:30"
    assert feed.findtext("a:entry[2]/a:summary", "", OF) == said
    time.now = datetime.fromisoformat(SINCE) - timedelta(minutes=5)  # a hub's clock is ahead of central's
    await stage.deliver(hub, waiting=word(time, "civil-affairs"))
    feed = await atom(stage)
    assert {one.text for one in feed.iterfind(".//a:updated", OF)} == {clock.as_text(time.now)}
