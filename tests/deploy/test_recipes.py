"""What the packages are made of: every file that they put somewhere, and units that change with the version."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from release import debian, source
from release.errors import BuildFailed
from release.part import PARTS, Part
from release.units import lay_out_units, split

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_every_file_that_a_program_brings_is_there_and_none_is_a_trial(part: Part, tmp_path: Path) -> None:
    for listed in (ROOT / "deploy/packages" / part.name / "install", ROOT / "deploy/packages/version/install"):
        debian.lay_out(listed, ROOT, tmp_path, {"NAME": part.name, "VERSION": "1.0"})
    placed = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if not path.is_dir()}
    assert f"usr/sbin/{part.name}" in placed
    assert not {"demo", "tests", "tools"} & {word for path in placed for word in path.split("/")}


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_apt_takes_no_version_away_that_an_update_may_go_back_to(part: Part, tmp_path: Path) -> None:
    """The first one came as a dependency: once homs-X needs another, `apt-get autoremove` would find it unneeded."""
    recipe = ROOT / "deploy/packages" / part.name
    debian.lay_out(recipe / "install", ROOT, tmp_path, {"VERSION": "1.0"})
    kept = f"/etc/apt/apt.conf.d/51{part.package}"
    patterns = re.findall(r'"(\S+)"; \};$', (tmp_path / kept.lstrip("/")).read_text(), re.MULTILINE)
    assert [re.fullmatch(patterns[0], name) is not None for name in (f"{part.package}-1.0.0", part.package)] == [
        True, False,
    ]  # fmt: skip
    assert kept in (recipe / "conffiles").read_text().split()


def test_the_board_is_a_package_with_all_that_its_unit_names(tmp_path: Path) -> None:
    debian.lay_out(ROOT / "deploy/packages/board/install", ROOT, tmp_path, {"VERSION": "1.0"})
    unit = (tmp_path / "usr/lib/systemd/system/board.service").read_text()
    page = unit.partition("file://")[2].partition("?")[0]
    assert (tmp_path / page.lstrip("/")).is_file()
    needs = (ROOT / "deploy/packages/board/control").read_text()
    assert {"cage", "chromium"} <= set(needs.partition("Depends: ")[2].split("\n")[0].split(", "))


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_all_units_of_a_part_change_with_the_link(part: Part, tmp_path: Path) -> None:
    lay_out_units(part, "1.0", ROOT, tmp_path / "program", tmp_path / "around")
    units = tmp_path / "around/usr/lib/systemd/system"
    for original in (ROOT / "deploy/systemd").glob(f"{part.name}*"):
        brought = (
            tmp_path / "program" / part.release("1.0").lstrip("/") / "systemd" / f"{original.name}.d/00-version.conf"
        )
        assert "Exec" not in (units / original.name).read_text()
        assert (units / f"{original.name}.d").readlink() == Path(f"/opt/{part.name}/current/systemd/{original.name}.d")
        together = set((units / original.name).read_text().splitlines()) | set(brought.read_text().splitlines())
        assert set(original.read_text().splitlines()) <= together


def test_a_stub_says_what_starts_the_unit_and_nothing_that_a_version_may_change() -> None:
    stub, rest = split("[Unit]\nDescription=It\nAfter=that\n\n[Service]\nExecStart=/x\n\n[Install]\nWantedBy=all\n")
    assert "After" not in stub
    assert stub.endswith("[Unit]\nDescription=It\n\n[Install]\nWantedBy=all\n")
    assert rest == "[Unit]\nDescription=It\nAfter=that\n\n[Service]\nExecStart=/x\n"


@pytest.mark.parametrize("told", ["", "1", "1.0 ; rm", "../1.0", "1.0-2", "v1.0", "1.0+A/b"])
def test_a_version_that_is_none_is_refused(told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIOSK_VERSION", told)
    if told:
        with pytest.raises(BuildFailed, match="is none"):
            source.version()
    else:
        assert source.version()


def test_a_name_without_a_value_is_a_mistake() -> None:
    with pytest.raises(BuildFailed, match="NOTHING"):
        debian.filled("a @NOTHING@ b", {"VERSION": "1"})


def test_timers_that_are_on_as_installed_stay_off_once_disabled_and_are_on_again_when_installed_anew(
    tmp_path: Path,
) -> None:
    """Debian's own helper keeps what an administrator did; the package's scripts call it in this order."""
    units, wanted = tmp_path / "usr/lib/systemd/system", tmp_path / "etc/systemd/system/timers.target.wants"
    units.mkdir(parents=True)
    surroundings = os.environ | {"DPKG_ROOT": str(tmp_path), "DPKG_MAINTSCRIPT_PACKAGE": "homs-central"}
    scripts = ROOT / "deploy/packages/central"
    install = _between(scripts / "postinst", "    for timer in", "    if [ -d /run/systemd/system ]")
    remove = _between(scripts / "prerm", "    for timer in", "    rm -f")

    def run(script: str) -> None:
        subprocess.run(["sh", "-ec", script], env=surroundings, check=True, capture_output=True, timeout=60)

    timers = ("central-rollout.timer", "central-backup.timer", "central-retention.timer")
    for name in timers:
        shutil.copy(ROOT / "deploy/systemd" / name, units)
    run(install)
    assert all((wanted / name).is_symlink() for name in timers)
    (wanted / timers[1]).unlink()  # systemctl disable
    run(install)
    assert [(wanted / name).is_symlink() for name in timers] == [True, False, True]
    (wanted / timers[0]).unlink()
    run(remove)
    run(install)
    assert all((wanted / name).is_symlink() for name in timers)


def _between(script: Path, begin: str, end: str) -> str:
    text = script.read_text(encoding="utf-8")
    start = text.index(begin)
    return text[start : text.index(end, start)]
