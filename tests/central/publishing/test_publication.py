import re
from pathlib import Path

import msgspec
import pytest

from central.feed import Audience
from central.publishing.publication import PublicationRefused
from common.city.catalogue import load_catalogue
from tests.central.conftest import Stage

KEY = {"kid": "00ff", "public_key": "A" * 43 + "=", "valid_from": 1, "valid_until": 9}

COUNTER = {"number": 1, "names": {"ar": "أ", "en": "a"}, "groups": ["A"]}
COUNTERS = {"centre": "homs-main", "counters": [COUNTER]}
STAFF = {"number": "+963944000111", "name": "x", "kinds": ["staff-alarm"], "langauge": "en"}

REFUSED: list[tuple[str, object, str]] = [
    ("catalogue", {"services": [{"code": "Not A Code"}]}, "services[0].code: expected up to 40 small letters"),
    ("catalogue", {"services": [{"code": "a"}, {"code": "a"}]}, "services[1].code: found 'a'"),
    ("catalogue", {"services": [{"code": "a", "prefix": "AB"}]}, "services[0].prefix: "),
    ("catalogue", {"services": [{"code": "a", "fee": "free"}]}, "services[0].fee: "),
    (
        "catalogue",
        {"services": [{"code": "a", "hours": {"opens": "25:00", "closes": "26:00"}}]},
        "hours.opens: expected a time of day such as 08:00",
    ),
    ("catalogue", {}, "services"),
    ("catalogue", {"services": [], "groups": {"EE": {}}}, "groups"),
    ("catalogue", {"services": [], "groups": {"E": {"names": {"ar": "أ"}}}}, "groups.E: a text lacks en"),
    ("catalogue", {"services": [], "groups": {"E": {"mark": {"colour": "#FFEE00", "sign": "cross"}}}}, "less than 7:1"),
    ("catalogue", {"services": [], "desks": {"information": {"prefix": "XX"}}}, "desks.information: prefix"),
    ("app-key", KEY | {"kid": "xyz"}, "kid"),
    ("app-key", KEY | {"public_key": "AAAA"}, "public_key: found 'AAAA', expected base64 of 32 bytes"),
    ("app-key", KEY | {"valid_until": 1}, "valid_until: found 1, expected a time after valid_from (1)"),
    ("app-key", KEY | {"alg": -7}, "alg: found -7"),
    ("app-key", KEY | {"valid_from": "yesterday"}, "valid_from"),
    ("app-key-revoked", {"kid": "abcd"}, "kid: found 'abcd'"),
    ("order-state", {"order": "x", "state": "ready"}, "order"),
    ("order-state", {"order": "0" * 32, "state": "lost"}, "state"),
    ("order-state", {"order": "0" * 32, "state": "ready", "number": "12"}, "number: found '12'"),
    ("business-day", {"date": "2026-02-30"}, "date: found '2026-02-30'"),
    ("business-day", {"date": "20260225"}, "date: found '20260225'"),
    ("business-day", {"date": "9999-12-31"}, "no kiosk would open an earlier day"),
    ("business-day", {"date": "2026-11-25", "serial": 0}, "serial"),
    ("settings", {"Volume!": 1}, "settings: found 'Volume!'"),
    ("settings", {"volume": [1]}, "[...]"),
    ("counters", COUNTERS | {"centre": "homs-mian"}, "there is no centre 'homs-mian'"),
    ("counters", COUNTERS | {"counter": []}, "counter: found 'it', expected one of centre, counters, rules, places"),
    ("counters", COUNTERS | {"counters": [COUNTER, COUNTER | {"number": 2, "group": "A"}]}, "counters[1].group: found"),
    ("counters", COUNTERS | {"rules": {"priority_wait": 3}}, "rules.priority_wait: found"),
    ("reasons", {"reasons": [{"code": "other", "names": {"ar": "أ", "en": "a"}}], "of": "all"}, "of: expected one of"),
    (
        "messages",
        {"centre": None, "kinds": [], "staff": [STAFF]},
        "staff[0].langauge: expected one of",
    ),
    ("central-keys", {"rotate": []}, "rotate"),
    ("central-keys", {"rotate": ["all"]}, "rotate[0]"),
    ("central-keys", {"sealing": {}}, "sealing"),
]


async def test_a_message_no_kiosk_could_use_is_refused_by_the_name_of_its_field(stage: Stage) -> None:
    for kind, content, named in REFUSED:
        with pytest.raises(ValueError, match=re.escape(named)):
            await stage.publish(kind, content)


async def test_two_app_keys_live_side_by_side_and_a_kid_keeps_its_first_key(stage: Stage) -> None:
    await stage.publish("app-key", KEY)
    await stage.publish("app-key", KEY | {"kid": "0100", "public_key": "B" * 42 + "A="})
    await stage.publish("app-key", KEY | {"valid_until": 99})
    await stage.publish("app-key", KEY | {"kid": "0200", "public_key": "C" * 42 + "A=", "alg": -8})  # an older signer
    with pytest.raises(ValueError, match="a key id that no other key has"):
        await stage.publish("app-key", KEY | {"public_key": "D" * 42 + "A="})


async def test_a_revoked_key_does_not_come_back_under_another_name(stage: Stage) -> None:
    await stage.publish("app-key", KEY)
    await stage.publish("app-key-revoked", {"kid": "00ff"})
    with pytest.raises(ValueError, match="this one has the id 00ff"):
        await stage.publish("app-key", KEY | {"kid": "0100"})
    with pytest.raises(ValueError, match="base64 of 32 bytes"):  # the same 32 bytes, written another way
        await stage.publish("app-key", KEY | {"kid": "0100", "public_key": "A" * 42 + "B="})


async def test_a_revocation_is_never_put_off(stage: Stage) -> None:
    await stage.publish("app-key", KEY)
    await stage.publish("app-key-revoked", {"kid": "00ff", "revoked_at": 50})
    await stage.publish("app-key-revoked", {"kid": "00ff", "revoked_at": 40})
    with pytest.raises(ValueError, match="no later than 40"):
        await stage.publish("app-key-revoked", {"kid": "00ff"})


async def test_business_days_are_numbered_upwards(stage: Stage) -> None:
    await stage.publish("business-day", {"date": "2026-11-25", "serial": 7})
    await stage.publish("business-day", {"date": "2026-11-26"})
    for date, serial in (("2026-11-27", 7), ("2026-11-26", 8), ("2026-11-25", 8)):
        with pytest.raises(ValueError, match="above the last one, 8"):
            await stage.publish("business-day", {"date": date, "serial": serial})


async def test_a_business_day_is_given_a_later_label_under_its_own_serial(stage: Stage) -> None:
    sender = await stage.enrolled()
    await stage.publish("business-day", {"date": "2026-11-25"})
    await stage.publish("business-day", {"date": "2026-11-26", "serial": 1})
    page = await stage.feed(sender)
    assert [bytes(message.body) for message in page.messages] == [b'{"date":"2026-11-26","serial":1}']


async def test_settings_that_are_lists_reach_the_kiosks(stage: Stage) -> None:
    kiosk = await stage.enrolled()
    await stage.publish("settings", {"kiosk.tiles": ["water-bill", "clearance"], "kiosk.languages": ["ar", "en"]})
    (message,) = [one for one in (await stage.feed(kiosk)).messages if one.kind == "settings"]
    assert msgspec.json.decode(message.body)["kiosk.tiles"] == ["water-bill", "clearance"]
    with pytest.raises(ValueError, match="expected a text, found a list"):
        await stage.publish("settings", {"kiosk.tiles": [["nested"]]})


@pytest.mark.parametrize(
    ("kind", "content", "named"),
    [
        ("settings", {"kiosk.tails": ["clearance"]}, "settings: found 'kiosk.tails', expected one of .*kiosk.tiles"),
        ("settings", {"update.version": "1.0"}, "update.version"),  # that is `central rollout`'s
        ("app-key", KEY | {"valid_untill": 5}, "valid_untill"),
        ("catalogue", {"services": [], "servics": []}, "servics"),
        ("catalogue", {"services": [{"code": "clearance", "nams": {"ar": "a", "en": "b"}}]}, "nams"),
        ("business-day", {"date": "2026-11-25", "seriel": 7}, "seriel"),
    ],
)
async def test_what_every_kiosk_would_drop_in_silence_is_refused(
    stage: Stage, kind: str, content: dict[str, object], named: str
) -> None:
    with pytest.raises(ValueError, match=named):
        await stage.publish(kind, content)


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"kiosk.opens": "8"}, "kiosk.opens: found '8', expected a time of day such as \"08:00\""),
        ({"kiosk.opens": "16:00", "kiosk.closes": "08:00"}, "kiosk.opens is '16:00', not before kiosk.closes"),
        ({"kiosk.closes": "07:00"}, "kiosk.opens is '08:00', not before kiosk.closes"),  # it opens at eight already
        ({"screen.brightness": 5}, "screen.brightness: found '5', expected per cent from 10 to 100"),
        ({"kiosk.languages": ["ar", "fr"]}, "kiosk.languages: found .*expected .*first = default"),
        ({"kiosk.tiles": ["clearance", "clearance"]}, "kiosk.tiles has 'clearance' twice"),
        ({"kiosk.ticket_page": "http://example/t/{id}"}, "kiosk.ticket_page is .*an https address"),
        ({"devices.printer.profile": "epson"}, "devices.printer.profile: found 'epson', expected one of epson-tm"),
        ({"kiosk.paperless": "yes"}, "kiosk.paperless: found 'yes', expected true or false"),
    ],
)
async def test_a_value_that_kiosks_would_leave_out_is_refused_with_what_is_right(
    stage: Stage, settings: dict[str, object], named: str
) -> None:
    await stage.publish("settings", {"kiosk.opens": "08:00"})
    with pytest.raises(ValueError, match=named):
        await stage.publish("settings", settings)


async def test_hours_are_taken_back_and_changed_together(stage: Stage) -> None:
    for settings in (
        {"kiosk.opens": "08:00", "kiosk.closes": "14:00"},
        {"kiosk.opens": "15:00", "kiosk.closes": "20:00"},
        {"kiosk.opens": None, "kiosk.closes": None},
        {"kiosk.closes": "10:00"},
    ):
        assert await stage.publish("settings", settings)


def test_the_names_of_settings_are_those_that_kiosks_take() -> None:
    from common.protocol.setting_values import FROM_FEED
    from kiosk.settings.settings import CHANGEABLE

    assert frozenset(CHANGEABLE) == FROM_FEED


async def test_where_a_kiosk_stands_is_said_in_both_languages_by_its_digit(stage: Stage) -> None:
    told: dict[str, object] = {"centre": "homs-main", "counters": []}
    for places, wrong in (
        ({"1": {"ar": "عند المدخل"}}, "places.1"),
        ({"1": {"ar": "عند المدخل", "en": " "}}, "places.1"),
        ({"0": {"ar": "عند المدخل", "en": "at the entrance"}}, "places"),
        ({"kiosk-1": {"ar": "عند المدخل", "en": "at the entrance"}}, "places"),
    ):
        with pytest.raises(ValueError, match=wrong):
            await stage.publish("counters", told | {"places": places})
    assert await stage.publish("counters", told | {"places": {"2": {"ar": "عند المدخل", "en": "at the entrance"}}})


async def test_the_sample_of_counters_is_taken_as_it_stands(stage: Stage) -> None:
    sample = Path(__file__).parents[3] / "deploy/counters.example.json"
    assert await stage.publish("counters", msgspec.json.decode(sample.read_bytes()))


async def test_groups_and_desks_stay_until_a_catalogue_says_others(stage: Stage) -> None:
    kiosk = await stage.enrolled()
    group = {"names": {"ar": "الرخص", "en": "Permits"}, "mark": {"colour": "#1B4585", "sign": "cross"}}
    for told, kept in (
        ({"groups": {"E": group}}, {"E": group}),
        ({}, {"E": group}),  # as a spreadsheet says it
        ({"groups": {}}, {}),
    ):
        await stage.publish("catalogue", {"services": [{"code": "clearance"}]} | told)
        (message,) = [one for one in (await stage.feed(kiosk)).messages if one.kind == "catalogue"][-1:]
        assert msgspec.json.decode(message.body).get("groups", {}) == kept


async def test_a_centre_s_own_service_is_known_still_where_a_catalogue_for_all_takes_the_place_of_its_own(
    stage: Stage,
) -> None:
    hub = await stage.enrolled_hub()
    permit = {"code": "permit", "group": "B", "prefix": "B", "names": {"ar": "رخصة", "en": "Permit"}}
    await stage.publish("catalogue", {"services": [{"code": "clearance"}]})
    await stage.publish("catalogue", {"services": [permit]}, Audience("homs-main"))
    for _ in range(2):
        await stage.publish("catalogue", {"services": [{"code": "clearance", "main": True}]})
        (message,) = [one for one in (await stage.feed(hub)).messages if one.kind == "catalogue"][-1:]
        told = msgspec.json.decode(message.body)["services"]
        assert told == [{"code": "clearance", "main": True}, permit | {"offered": False}]


async def test_one_kiosk_alone_offers_no_service_that_its_centre_s_hub_does_not_know(stage: Stage) -> None:
    kiosk = await stage.enrolled()
    permit = {"code": "permit", "group": "B", "prefix": "B", "names": {"ar": "رخصة", "en": "Permit"}}
    alone = Audience(kiosk=kiosk.kiosk)
    await stage.publish("catalogue", {"services": [permit]}, alone)  # without a hub there is nobody who has to know it
    await stage.enrolled_hub()
    with pytest.raises(PublicationRefused, match="services: found 'permit'"):
        await stage.publish("catalogue", {"services": [{"code": "clearance"}, permit]}, alone)
    await stage.publish("catalogue", {"services": [permit | {"offered": False}]}, Audience("homs-main"))
    await stage.publish("catalogue", {"services": [permit]}, alone)


async def test_a_service_that_a_catalogue_names_no_more_is_known_still_for_the_numbers_of_it(stage: Stage) -> None:
    kiosk = await stage.enrolled()
    names = {"ar": "رخصة", "en": "Permit"}
    permit = {"code": "permit", "group": "B", "prefix": "B", "names": names}
    for services in ([permit, {"code": "unusable"}], [{"code": "clearance", "main": True}], [{"code": "clearance"}]):
        await stage.publish("catalogue", {"services": services})
        (message,) = [one for one in (await stage.feed(kiosk)).messages if one.kind == "catalogue"][-1:]
    told = msgspec.json.decode(message.body)["services"]
    assert told == [{"code": "clearance"}, permit | {"offered": False}]
    catalogue = load_catalogue(told)
    assert (catalogue.get("permit"), catalogue.known["permit"].queue) == (None, "B")
    await stage.publish("catalogue", {"services": [permit]})
    (message,) = [one for one in (await stage.feed(kiosk)).messages if one.kind == "catalogue"][-1:]
    assert msgspec.json.decode(message.body)["services"] == [permit]
