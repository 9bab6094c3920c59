"""What central may set at kiosks, judged as a kiosk does: each value at its bounds, and the sentence for others."""

from typing import Any

import pytest

from common.protocol.setting_values import FROM_FEED, check_each_once, check_hours, check_page, judge, listed

GOOD: dict[str, list[Any]] = {
    "devices.printer.pictures": [True, False],
    "devices.printer.profile": ["epson-tm-t20iii", "xprinter-xp80t"],
    "devices.printer.roll_m": [5, 500],
    "kiosk.card_orders": [True],
    "kiosk.closes": ["00:01", "23:59"],
    "kiosk.help_call": [False],
    "kiosk.languages": [["ar"], ["en", "ar", "ku"]],
    "kiosk.opens": ["00:00", "23:58"],
    "kiosk.order_page": ["https://x/{centre}/{service}"],
    "kiosk.other_kiosks": [True],
    "kiosk.paperless": [True],
    "kiosk.ticket_page": ["https://x/{id}"],
    "kiosk.tiles": [[], ["a"] , ["a", "b", "c", "d", "e", "f"]],
    "screen.brightness": [10, 100],
    "screen.orientation": ["portrait", "landscape"],
    "screen.paper_slot": ["below", "left", "right"],
    "screen.scanner_place": ["below", "left", "right"],
    "speech.volume": [0, 100],
}  # fmt: skip
BAD: dict[str, list[Any]] = {
    "devices.printer.pictures": [1],
    "devices.printer.profile": ["other"],
    "devices.printer.roll_m": [4, 501],
    "kiosk.card_orders": ["yes"],
    "kiosk.closes": ["24:00", "8:00", "00:00"],
    "kiosk.help_call": [0],
    "kiosk.languages": [[], ["fr"], ["ar", "ar"]],
    "kiosk.opens": ["12:60", "23:59"],
    "kiosk.order_page": ["https://x/{centre}", "https://x/{service}", "http://x/{centre}/{service}"],
    "kiosk.other_kiosks": ["x"],
    "kiosk.paperless": ["x"],
    "kiosk.ticket_page": ["", "https://x/", "http://x/{id}", "https://ä/{id}"],
    "kiosk.tiles": [["a", "b", "a"], ["a", "b", "c", "d", "e", "f", "g"], [""]],
    "screen.brightness": [9, 101],
    "screen.orientation": ["upright"],
    "screen.paper_slot": ["above"],
    "screen.scanner_place": ["above"],
    "speech.volume": [-1, 101],
}


def test_every_setting_is_tried() -> None:
    assert GOOD.keys() == BAD.keys() == FROM_FEED


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in GOOD.items() for value in values])
def test_a_value_within_its_bounds_is_taken(name: str, value: Any) -> None:
    judge({name: value})
    judge({name: None})


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in BAD.items() for value in values])
def test_a_value_beyond_its_bounds_is_refused_by_name(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=name.replace(".", r"\.")):
        judge({name: value})


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"speech.volume": 101}, "speech.volume: found '101', expected 0 to 100"),
        ({"kiosk.opens": "x" * 70}, f"kiosk.opens: found '{'x' * 60}', expected a time of day such as \"08:00\""),
        (
            {"kiosk.ticket_page": "https://x/"},
            'kiosk.ticket_page is "https://x/"; right would be an https address in ASCII with {id} in it',
        ),
        (
            {"kiosk.order_page": "https://x/"},
            (
                'kiosk.order_page is "https://x/"; '
                "right would be an https address in ASCII with {centre} and {service} in it"
            ),
        ),
        ({"kiosk.tiles": ["b", "a", "b", "a"]}, "kiosk.tiles has 'b' twice; right would be each once"),
        (
            {"kiosk.opens": "14:00", "kiosk.closes": "14:00"},
            "kiosk.opens is '14:00', not before kiosk.closes; right would be an earlier time",
        ),
        ({"kiosk.closes": "00:00"}, "kiosk.closes is '00:00', when the day begins; right would be a later time"),
    ],
)
def test_what_would_be_right_is_said(told: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=r"right would be|expected") as error:
        judge(told)
    assert str(error.value) == sentence


def test_hours_are_judged_beside_what_was_published_before() -> None:
    before = {"kiosk.opens": "08:00", "kiosk.closes": "14:00"}
    judge({"kiosk.opens": "13:59"}, before)
    judge({"kiosk.closes": "08:01"}, before)
    judge({"speech.volume": 5}, {"kiosk.opens": "14:00", "kiosk.closes": "08:00"})
    judge({"kiosk.opens": None}, {"kiosk.opens": "15:00", "kiosk.closes": "14:00"})
    for told in ({"kiosk.opens": "14:00"}, {"kiosk.closes": "08:00"}, {"kiosk.closes": "07:00"}):
        with pytest.raises(ValueError, match="not before"):
            judge(told, before)


def test_single_rules() -> None:
    check_hours(None, None)
    check_hours("23:58", None)
    with pytest.raises(ValueError, match=r"kiosk\.opens is '23:59'"):
        check_hours("23:59", None)
    check_page("x", None, "{id}")
    check_each_once("x", ["a", "b"])


def test_choices_are_listed_where_there_are_some() -> None:
    assert listed("kiosk.help_call") == (True, False)
    assert listed("screen.paper_slot") == ("below", "left", "right")
    for name in ("speech.volume", "kiosk.tiles", "kiosk.opens"):
        with pytest.raises(LookupError, match="has no list of values"):
            listed(name)
