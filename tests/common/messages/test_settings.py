"""The settings of channels: what may be said of each, in which words a wrong one is told, and paths from its file."""

from pathlib import Path

import pytest

from common.machine.errors import ConfigError
from common.messages.settings import NO_CHANNELS, HttpSection, MessagesSettings, ModemSection, load

ALL = """\
[modem]
port = "/dev/ttyUSB0"
pin_file = "pin"
credit_code = "*100#"
price = 3

[http]
url = "https://sms.example/send"
token_file = "token"

[channels.telegram]
bot = "x"
[channels.letters]
"""


def read(folder: Path, text: str) -> MessagesSettings:
    path = folder / "messages.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def test_all_that_may_be_said_is_read_with_paths_from_its_file(tmp_path: Path) -> None:
    found = read(tmp_path, ALL)
    assert found == MessagesSettings(
        modem=ModemSection(
            port="/dev/ttyUSB0", pin_file=str(tmp_path / "pin"), credit_code="*100#", price=3, driver="gsm",
            baudrate=115_200, state_dir="",
        ),
        http=HttpSection(url="https://sms.example/send", token_file=str(tmp_path / "token"), price=None),
        channels={"telegram": {"bot": "x"}, "letters": {}},
    )  # fmt: skip
    assert found.names == ["modem", "http", "letters", "telegram"]
    assert [found.price(name) for name in [*found.names, "none"]] == [3, None, None, None, None]
    assert [found.section(name) for name in ("http", "telegram", "none")] == [found.http, {"bot": "x"}, None]


def test_nothing_is_set_up_unless_it_is_named(tmp_path: Path) -> None:
    assert read(tmp_path, "") == NO_CHANNELS
    assert NO_CHANNELS.names == []
    assert NO_CHANNELS.section("modem") is NO_CHANNELS.price("http") is None
    assert NO_CHANNELS.within(tmp_path) == NO_CHANNELS.kept_in(tmp_path) == NO_CHANNELS
    without_pin = MessagesSettings(modem=ModemSection(port="/dev/ttyUSB0"))
    assert without_pin.within(tmp_path) == without_pin


def test_what_a_modem_keeps_lies_in_a_folder_of_the_program_unless_the_file_names_one(tmp_path: Path) -> None:
    plain = MessagesSettings(modem=ModemSection(port="/dev/ttyUSB0"))
    kept = plain.kept_in(tmp_path)
    assert kept == MessagesSettings(modem=ModemSection(port="/dev/ttyUSB0", state_dir=str(tmp_path)))
    assert kept.kept_in(tmp_path / "other") == kept


@pytest.mark.parametrize(
    "url",
    [
        "https://sms.example/send",
        "https://[2001:db8::1]:8443/",
        "http://localhost:8080/x",
        "http://127.0.0.1/",
        "http://[::1]/",
    ],
)
def test_an_address_keeps_its_token_from_others(url: str) -> None:
    assert HttpSection(url=url, token_file="token").url == url


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://sms.example/send", "says no https"),
        ("ftp://localhost/", "says no https"),
        ("https://", "is no address"),
        ("https://user@sms.example/", "is no address"),
        ("https://sms.example:0/", "is no address"),
        ("https://sms.example:99999/", "is no address"),
        ("https://sms.example/a b", "is no address"),
        ("https://sms.example/ä", "is no address"),
        ("https://sms.example/\x7f", "is no address"),
        ("https://[::1", "is no address"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused(url: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        HttpSection(url=url, token_file="token")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[modem]\n", 'line 1: modem.port is missing; right would be a serial port such as "/dev/ttyUSB0"'),
        (
            '[modem]\nport = "x"\nbaudrate = 299\n',
            "line 3: modem.baudrate is 299; right would be bits a second",
        ),
        ('[modem]\nport = "x"\ncredit_code = "*"\n', "line 3: modem.credit_code is '*'; right would be a USSD code"),
        ('[modem]\nport = "x"\nprice = -1\n', "line 3: modem.price is -1; right would be what one text costs"),
        (
            '[http]\nurl = "http://x.example/"\ntoken_file = "t"\n',
            "line 2: http.url says no https; right would be",
        ),
        ("x", "not valid TOML"),
        ("other = 1\n", "line 1: other is not a setting; known there are: modem, http, channels"),
    ],
)
def test_a_wrong_file_is_told_by_its_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as error:
        read(tmp_path, text)
    assert str(error.value).startswith(f"{tmp_path}/messages.toml")
    assert said in str(error.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml: can't be read: No such file or directory"):
        load(tmp_path / "none.toml")
