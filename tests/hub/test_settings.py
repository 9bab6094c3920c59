"""A wrong setting is named with its line, what was found and what would be right."""

from pathlib import Path

import pytest

from common.machine.errors import ConfigError
from common.machine.settings_advice import _fields, _right
from hub.settings import HubConfig, load

GOOD = '[hub]\ncentre = "homs-main"\n[central]\nurl = "http://127.0.0.1:9000"\n'
ROOT = Path(__file__).parents[2]


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "hub.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_defaults_and_paths(tmp_path: Path) -> None:
    config = load(written(tmp_path, GOOD))
    assert config.listen == ("127.0.0.1", 8090)
    assert config.address == "http://127.0.0.1:8090"
    assert config.data_dir == tmp_path / "var"
    assert not config.is_secure


def test_every_setting_says_what_would_be_right() -> None:
    paths = [[section, name] for section in _fields(HubConfig, []) for name in _fields(HubConfig, [section])]
    assert [path for path in paths if _right(HubConfig, path) == "nothing there"] == []


def test_the_example_loads(tmp_path: Path) -> None:
    (tmp_path / "central-ca.pem").write_text("x")
    config = load(written(tmp_path, (ROOT / "deploy" / "hub.example.toml").read_text(encoding="utf-8")))
    assert (config.is_secure, config.listen[1]) == (True, 8090)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "hub is missing; right would be a table with centre"),
        (GOOD.replace("homs-main", "Homs Main"), "line 2: hub.centre is 'Homs Main'; right would be a centre code"),
        (GOOD + "[voice]\nword = 1\n", "voice.word is not a setting; known there are: clips, counter_word"),
        (
            GOOD.replace("[central]", 'listen = "8090"\n[central]'),
            'line 3: hub.listen is "8090"; right would be an address',
        ),
        (GOOD.replace("[central]", 'address = "http://10.0.0.5:8090"\n[central]'), "right would be https"),
        (GOOD.replace("[central]", 'address = "ftp://x"\n[central]'), "right would be an address"),
        (GOOD.replace("http://127.0.0.1:9000", "http://central.example"), "line 4: central.url"),
        (GOOD.replace("http://127.0.0.1:9000", "https://central.example"), "with central.ca_file"),
        (GOOD + 'ca_file = "none.pem"\n', "a PEM file, which is missing there"),
        ("[hub\n", "not valid TOML"),
        (
            GOOD.replace("[central]", 'brand = "brand.toml"\n[central]'),
            "brand.toml: colours: primary #7A9BD6 on ground #F6F2E9 has a contrast of 2.5:1; right would be 7:1",
        ),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "brand.toml").write_text('colours = { primary = "#7A9BD6" }\n', encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(written(tmp_path, text))
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("listen", "found"),
    [("0.0.0.0:0", ("0.0.0.0", 0)), ("[::1]:65535", ("::1", 65535)), ("hub:80", ("hub", 80))],
)
def test_where_a_hub_listens(tmp_path: Path, listen: str, found: tuple[str, int]) -> None:
    assert load(written(tmp_path, GOOD.replace("[central]", f'listen = "{listen}"\n[central]'))).listen == found


@pytest.mark.parametrize("listen", ["127.0.0.1", ":8090", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "h:-1"])
def test_where_no_hub_can_listen(tmp_path: Path, listen: str) -> None:
    right = f'hub.toml, line 3: hub.listen is "{listen}"; right would be an address and port such as "127.0.0.1:8090"'
    with pytest.raises(ConfigError) as error:
        load(written(tmp_path, GOOD.replace("[central]", f'listen = "{listen}"\n[central]')))
    assert str(error.value).endswith(right)


@pytest.mark.parametrize(
    "url", ["http://localhost:9000", "http://[::1]:9000", "http://127.9.9.9/", "http://127.0.0.1/x"]
)
def test_on_this_machine_itself_no_tls_is_needed(tmp_path: Path, url: str) -> None:
    config = load(written(tmp_path, GOOD.replace("http://127.0.0.1:9000", url)))
    assert (config.central.url, config.ca_file) == (url, None)


@pytest.mark.parametrize(
    "url",
    [
        "https://",
        "x",
        "https://x:99999",
        "https://x/?a",
        "https://x/#a",
        "https://x/ a",
        "https://ä/",
        "https://x/\\u007f",
    ],
)
def test_what_is_no_address_is_named(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigError, match='right would be an address such as "https://10'):
        load(written(tmp_path, GOOD.replace("[central]", f'address = "{url}"\n[central]')))


def test_a_hub_over_tls_with_all_that_may_be_said(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").touch()
    text = (
        '[hub]\ncentre = "homs-main"\ndata_dir = "d"\naddress = "https://10.0.0.5:8090/"\n'
        '[central]\nurl = "https://central.example"\nca_file = "ca.pem"\n'
        '[voice]\nclips = "c"\ncounter_word = "الشباك"\nenglish = true\n'
        '[modem]\nport = "/dev/ttyUSB0"\npin_file = "pin"\n[http]\nurl = "https://x.example/"\ntoken_file = "token"\n'
        "[channels.letters]\n"
    )
    config = load(written(tmp_path, text))
    assert (config.is_secure, config.address) == (True, "https://10.0.0.5:8090")
    assert (config.data_dir, config.ca_file) == (tmp_path / "d", tmp_path / "ca.pem")
    assert (config.voice.clips, config.voice.counter_word, config.voice.english) == ("c", "الشباك", True)
    assert config.messages.names == ["modem", "http", "letters"]
    assert config.modem is not None
    assert config.http is not None
    assert (config.modem.pin_file, config.http.token_file) == (str(tmp_path / "pin"), str(tmp_path / "token"))
    assert load(written(tmp_path, text), tmp_path / "copy").data_dir == tmp_path / "copy"
    usual = load(written(tmp_path, GOOD))
    assert (usual.voice.clips, usual.voice.counter_word, usual.voice.english) == ("clips", None, False)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml: there is no such file; make it from hub\.example\.toml"):
        load(tmp_path / "none.toml")
    path = tmp_path / "hub.toml"
    path.write_bytes(b'[hub]\ncentre = "\xff"\n')
    with pytest.raises(ConfigError, match=r"hub\.toml, line 2: found bytes that are no UTF-8"):
        load(path)
    with pytest.raises(ConfigError, match="can't be read: Is a directory"):
        load(tmp_path)
