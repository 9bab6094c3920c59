import re
from pathlib import Path

import pytest
from typer.main import get_command

from central.commands.cli import app as central
from kiosk.doctor.guide import _GROUPS, _INTRUDERS, _PACKAGES, _UNITS
from kiosk.doctor.stored import _ADVICE
from updater.site import Site

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
HANDBOOKS = [DEPLOY / "handbook.ar.md", DEPLOY / "handbook.en.md"]


@pytest.mark.parametrize("path", HANDBOOKS, ids=lambda path: path.name)
def test_the_handbook_explains_every_alarm_and_shows_pictures_that_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert set(_ADVICE) <= set(re.findall(r"`([a-z-]+)`", text))
    pictures = re.findall(r"\]\((\S+\.png)\)", text)
    assert pictures
    assert all((DEPLOY / picture).is_file() for picture in pictures)


def test_every_alarm_of_the_store_has_advice() -> None:
    source = "\n".join(path.read_text() for path in (ROOT / "offline_store").rglob("*.py"))
    raised = set(re.findall(r"raise_alarm\(\s*connection,\s*(\w+)", source)) - {"alarm", "code"}
    codes = dict(re.findall(r'^(\w+)(?:: Final)? = "([a-z-]+)"', source, re.MULTILINE))
    assert {codes[name] for name in raised} <= set(_ADVICE)


def test_the_guide_starts_every_unit_that_the_doctor_asks_for_and_names_what_packages_bring() -> None:
    guide = (DEPLOY / "install.md").read_text(encoding="utf-8")
    for unit in _UNITS:
        assert unit.removesuffix(".service") in guide
    lists = ("kiosk/install", "hub/install", "central/install", "papers")
    brought = "".join((DEPLOY / "packages" / one).read_text(encoding="utf-8") for one in lists)
    for name in re.findall(r"/usr/share/doc/homs-\w+/([\w./-]+\.\w+)", guide):
        assert name.split("/")[-1] in brought or (DEPLOY / name).is_file(), name
    for command in ("kiosk-setup", "kiosk-harden", "kiosk-update"):
        assert f"    {command}\n" in guide or f"`{command}` " in guide
        assert f"deploy/{command} " in brought


@pytest.mark.parametrize(("name", "guide"), [("kiosk", "install"), ("hub", "install-hub"), ("central", "install")])
def test_each_guide_names_the_files_by_which_packages_come_over_the_network(name: str, guide: str) -> None:
    site, text = Site.of(name), (DEPLOY / f"{guide}.md").read_text(encoding="utf-8")
    for file in (site.key, site.etc / "packages.url", site.etc / "central-ca.pem"):
        assert str(file) in text


def test_the_doctor_looks_at_all_that_the_packages_need_join_and_mask() -> None:
    recipes = DEPLOY / "packages"
    texts = [(recipes / name / "control").read_text() for name in ("kiosk", "version/kiosk")]
    needed = {word for text in texts for word in re.findall(r"[\w.+-]+", re.findall(r"Depends: (.*)", text)[0])}
    assert set(_PACKAGES) <= needed
    joined = re.findall(r"m kiosk (\w+)", (DEPLOY / "sysusers/kiosk.conf").read_text())
    assert sorted(joined) == sorted(_GROUPS)
    masked = re.findall(r"link /dev/null /etc/systemd/system/(\S+)", (recipes / "kiosk/install").read_text())
    assert set(masked) == set(_INTRUDERS)


def test_the_guides_settings_are_read(tmp_path: Path) -> None:
    from kiosk.settings.config import load

    guide = (DEPLOY / "install.md").read_text(encoding="utf-8")
    start = guide.index("    [kiosk]")
    block = guide[start : guide.index("\n\n", start)]
    (tmp_path / "central-ca.pem").write_text("")
    (tmp_path / "kiosk.toml").write_text("\n".join(line[4:] for line in block.splitlines()))
    config = load(tmp_path / "kiosk.toml")
    assert config.devices.printer is not None
    assert config.devices.printer.port == "/dev/kiosk/printer"


def test_the_card_is_made_for_a4_in_both_languages() -> None:
    card = (DEPLOY / "technician-card.html").read_text(encoding="utf-8")
    assert "size: A4" in card
    assert 'dir="rtl"' in card
    assert '<section lang="en" dir="ltr">' in card


def test_operation_says_the_same_in_both_languages_and_names_commands_that_there_are() -> None:
    pages = {code: (DEPLOY / f"operation.{code}.md").read_text(encoding="utf-8") for code in ("ar", "en")}
    shapes = {
        code: [re.findall(r"^(?: {8}.*|\d\.)", section, re.MULTILINE) for section in page.split("\n## ")[1:]]
        for code, page in pages.items()
    }
    assert shapes["ar"] == shapes["en"]
    assert len(shapes["en"]) >= 15
    named = {line.split()[1] for page in pages.values() for line in re.findall(r"^ {8}central .*", page, re.MULTILINE)}
    known = {command.name for command in get_command(central).commands.values()}  # type: ignore[attr-defined]
    assert named <= known
    for page in pages.values():
        assert page.count("\n**") == len(shapes["en"])  # each says how one sees that it is done
        assert all((DEPLOY / link).is_file() for link in re.findall(r"\]\((\S+?\.md)\)", page))
