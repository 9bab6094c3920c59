"""A wrong setting is told in one sentence: where it stands, what was found, and what would be right."""

import tomllib
from pathlib import Path
from typing import Annotated

import msgspec
import pytest
from msgspec import Meta, Struct

from common.machine.settings_advice import explain, line_of


class Port(Struct, frozen=True, forbid_unknown_fields=True):
    name: Annotated[str, Meta(description="a port such as /dev/ttyS0")]
    speed: Annotated[int, Meta(ge=300, description="bits a second")] = 9600
    parity: bool = False


class Devices(Struct, frozen=True, forbid_unknown_fields=True):
    port: Port | None = None


class Hall(Struct, frozen=True, forbid_unknown_fields=True):
    places: Annotated[list[Annotated[int, Meta(ge=1)]], Meta(description="numbers from 1")] = []

    def __post_init__(self) -> None:
        if len(self.places) > 2:
            raise ValueError("hall.places has more than two; right would be one or two")


class Root(Struct, frozen=True, forbid_unknown_fields=True):
    hall: Hall
    devices: Devices = Devices()


RIGHT = """\
# what stands in the hall
[hall]
places = [1]

[devices.port]
name = "/dev/ttyS0"
speed = 9600
"""


def said(text: str) -> str:
    raw = tomllib.loads(text)
    with pytest.raises(msgspec.ValidationError) as error:
        msgspec.convert(raw, Root)
    return explain(Root, Path("x.toml"), text, raw, str(error.value))


@pytest.mark.parametrize(
    ("was", "now", "sentence"),
    [
        ("speed = 9600", "speed = 5", "x.toml, line 7: devices.port.speed is 5; right would be bits a second"),
        ("speed = 9600", 'speed = "x"', "x.toml, line 7: devices.port.speed is 'x'; right would be bits a second"),
        (
            "speed = 9600",
            "parity = 2",
            "x.toml, line 7: devices.port.parity is 2; right would be nothing there",
        ),
        (
            'name = "/dev/ttyS0"\n',
            "",
            "x.toml, line 5: devices.port.name is missing; right would be a port such as /dev/ttyS0",
        ),
        (
            "speed",
            "sped",
            "x.toml, line 7: devices.port.sped is not a setting; known there are: name, speed, parity",
        ),
        ("[hall]\nplaces = [1]", "", "x.toml, line 1: hall is missing; right would be a table with places"),
        ("[1]", "[0]", "x.toml, line 3: hall.places is [0]; right would be numbers from 1"),
        ("[1]", "[1, 2, 3]", "x.toml, line 3: hall.places has more than two; right would be one or two"),
        (
            "[devices.port]\n",
            "[devices]\nport = 7\n",
            "x.toml, line 6: devices.port is 7; right would be a table with name, speed, parity",
        ),
        (
            '[devices.port]\nname = "/dev/ttyS0"\nspeed = 9600\n',
            "[door]\n",
            "x.toml, line 5: door is not a setting; known there are: hall, devices",
        ),
    ],
)
def test_a_wrong_setting_is_told_in_one_sentence(was: str, now: str, sentence: str) -> None:
    text = RIGHT.replace(was, now)
    if now.startswith("[devices]"):
        text = text.split('name = "/dev')[0]
    assert said(text) == sentence


LINES = """\
top = 1
[a]
b = 2
"quoted.c" = 3
[a.d]
e.f = 4
  g = 5
no assignment
[ "a" . h ]
"""


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ("top", 1), ("a", 2), ("a.b", 3), ("a.d", 5), ("a.d.e.f", 6), ("a.d.g", 7), ("a.d.x", 5), ("a.x", 2),
        ("x", 1), ("a.h", 9), ("a.h.y", 9), ("", 1),
    ],
)  # fmt: skip
def test_a_setting_is_found_by_its_line_or_by_that_of_its_table(keys: str, line: int) -> None:
    assert line_of(LINES, keys.split(".") if keys else []) == line
