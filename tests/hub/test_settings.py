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
