"""What the programs are made of: known faults are found without a network, and every licence is listed."""

import json
import sys
import venv
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.version import Version
from PIL import Image

from release.errors import BuildFailed
from release.libraries import advisories, licences
from release.libraries.advisories import find_faults, main
from release.libraries.bill import bundled, write_bill
from release.libraries.locked import LOCKS, locked
from release.part import PARTS

INSTALLED = {"left-pad": Version("2.5.1"), "old-thing": Version("1.0"), "spelled-oddly": Version("3.0rc1")}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(advisories, "locked", lambda program: INSTALLED if program == "kiosk" else {})
    return tmp_path


def put(folder: Path, affected: dict[str, Any], name: str = "Left_Pad", **more: Any) -> None:
    package = {"ecosystem": "PyPI", "name": name, **affected.pop("package", {})}
    advisory = {"id": "X-1", "summary": "It pads too far.", "affected": [{"package": package, **affected}], **more}
    (folder / f"{len(list(folder.iterdir()))}.json").write_text(json.dumps(advisory))


def between(*events: tuple[str, str], kind: str = "ECOSYSTEM") -> dict[str, Any]:
    return {"ranges": [{"type": kind, "events": [dict([event]) for event in events]}]}


@pytest.mark.parametrize(
    ("affected", "is_found"),
    [
        (between(("introduced", "0")), True),
        (between(("introduced", "0"), ("fixed", "2.5.2")), True),
        (between(("introduced", "0"), ("fixed", "2.5.1")), False),
        (between(("introduced", "2.5.1"), ("fixed", "3")), True),
        (between(("introduced", "2.6")), False),
        (between(("introduced", "0"), ("last_affected", "2.5.1")), True),
        (between(("introduced", "0"), ("last_affected", "2.5")), False),
        (between(("fixed", "2.0"), ("introduced", "0"), ("fixed", "2.10"), ("introduced", "2.5")), True),
        (between(("introduced", "0"), ("fixed", "2.0"), ("introduced", "3.0")), False),
        (between(("introduced", "0"), kind="GIT"), False),
        ({"versions": ["2.5", "2.5.1"]}, True),
        ({"versions": ["2.5", "not a version"]}, False),
        ({"package": {"ecosystem": "npm"}, **between(("introduced", "0"))}, False),
    ],
)
def test_a_version_is_found_exactly_where_the_advisory_says(
    folder: Path, affected: dict[str, Any], is_found: bool
) -> None:
    put(folder, affected)
    assert [(one.version, one.programs) for one in find_faults(folder)] == [("2.5.1", ("kiosk",))] * is_found


def test_one_that_was_withdrawn_and_one_for_another_library_say_nothing(folder: Path) -> None:
    put(folder, between(("introduced", "0")), withdrawn="2026-01-01T00:00:00Z")
    put(folder, between(("introduced", "0")), name="unknown")
    assert find_faults(folder) == []


@pytest.mark.parametrize("content", [None, "{", "[]", '{"id": 3}'])
def test_a_database_that_is_empty_or_torn_is_never_no_fault(folder: Path, content: str | None) -> None:
    if content is not None:
        (folder / "torn.json").write_text(content)
    with pytest.raises(BuildFailed, match=r"advisor(y|ies)"):
        find_faults(folder)
    assert main([str(folder)]) == 2


def test_the_command_names_library_version_program_and_advisory(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(folder, between(("introduced", "0")))
    assert main([str(folder)]) == 1
    assert capsys.readouterr().out.splitlines()[0] == "Left_Pad 2.5.1 (kiosk): X-1: It pads too far."


def test_every_lock_file_reads() -> None:
    assert {program: len(locked(program)) > 20 for program in LOCKS} == dict.fromkeys(LOCKS, True)


def test_the_list_of_licences_is_that_of_the_lock_files() -> None:
    assert licences.LIST.read_text("utf-8") == licences.licences(), "make licences writes it again"
    assert "not said" not in licences.licences()


def test_libraries_in_c_that_wheels_bring_are_in_the_bill(tmp_path: Path) -> None:
    for name in (
        "Kivy.libs/libpng15-ce838cd1.so.15.13.0",
        "Kivy.libs/libSDL2-2-d9872e50.0.so.0.3000.7",
        "pillow.libs/libx.so",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "kivy").mkdir()
    (tmp_path / "kivy/_own.so").touch()
    found = [(one["name"], one["version"], one["properties"][0]["value"]) for one in bundled(tmp_path)]
    assert found == [
        ("libSDL2-2", "0.3000.7", "Kivy"),
        ("libpng15", "15.13.0", "Kivy"),
        ("libx", "unknown", "pillow"),
    ]


def test_this_environments_own_are_all_named() -> None:
    here = Path(Image.__file__).parents[1]
    files = {path.name for path in here.glob("*.libs/*.so*")}
    assert {one["bom-ref"].split("/")[1] for one in bundled(here)} == files != set()


@pytest.mark.proof
def test_the_bill_of_materials_is_one_by_its_standard(tmp_path: Path) -> None:
    environment = tmp_path / "venv"
    venv.create(environment, symlinks=True)
    (library,) = environment.glob("lib/*/site-packages")
    told = library / "left_pad-2.5.1.dist-info"
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.4\nName: left-pad\nVersion: 2.5.1\nLicense-Expression: MIT\n")
    bill = tmp_path / "kiosk.cdx.json"
    write_bill(PARTS[0], "1.2.0", environment, bill, 1_800_000_000, Path(sys.executable).parent)
    text = bill.read_text("utf-8")
    assert str(tmp_path) not in text
    read = json.loads(text)
    assert JsonStrictValidator(SchemaVersion.from_version(read["specVersion"])).validate_str(text) is None
    assert read["metadata"]["component"]["name"] == "homs-kiosk"
    (component,) = read["components"]
    assert (component["name"], component["version"]) == ("left-pad", "2.5.1")
    assert component["licenses"][0]["license"]["id"] == "MIT"
