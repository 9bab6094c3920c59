"""The owner's papers: one licence, one holder, a publiccode.yml of the right shape, and bounds that pages keep."""

import re
import tomllib
from pathlib import Path
from typing import Any, Final

import pytest
import yaml  # type: ignore[import-untyped]

ROOT: Final = Path(__file__).parents[2]
DOCS: Final = ROOT / "docs"
MANDATORY: Final = {
    "publiccodeYmlVersion",
    "name",
    "url",
    "platforms",
    "categories",
    "developmentStatus",
    "softwareType",
    "description",
    "legal",
    "maintenance",
    "localisation",
}
TO_FILL_IN: Final = "to be filled in by the city"


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def public_code() -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load(read("publiccode.yml"))
    return told


def test_the_licence_is_the_whole_text() -> None:
    text = read("LICENSE")
    assert "Apache License\n                           Version 2.0, January 2004" in text
    assert text == read("LICENSES/Apache-2.0.txt")
    assert tomllib.loads(read("pyproject.toml"))["project"]["license"] == "Apache-2.0"


def test_the_holder_is_the_same_in_each_file(public_code: dict[str, Any]) -> None:
    (annotation,) = tomllib.loads(read("REUSE.toml"))["annotations"]
    assert annotation["SPDX-License-Identifier"] == public_code["legal"]["license"] == "Apache-2.0"
    year, holder = annotation["SPDX-FileCopyrightText"].split(" ", 1)
    assert f"\nCopyright {year} {holder}\n" in read("NOTICE")
    assert public_code["legal"]["mainCopyrightOwner"] == holder


def test_public_code_has_the_shape_of_its_standard(public_code: dict[str, Any]) -> None:
    assert MANDATORY <= set(public_code) <= MANDATORY | {"intendedAudience", "softwareVersion", "releaseDate"}
    assert public_code["publiccodeYmlVersion"] == "0.4"
    assert re.fullmatch(r"https://[\w./-]+", public_code["url"])
    assert public_code["developmentStatus"] in {"concept", "development", "beta", "stable", "obsolete"}
    assert public_code["maintenance"]["type"] in {"internal", "contract", "community", "none"}
    assert all(contact["name"] for contact in public_code["maintenance"]["contacts"])
    assert set(public_code["description"]) == set(public_code["localisation"]["availableLanguages"]) == {"ar", "en"}
    for words in public_code["description"].values():
        assert 0 < len(words["shortDescription"]) <= 150
        assert 500 <= len(words["longDescription"]) <= 10_000
        assert words["features"]


def test_one_version_stands_everywhere_with_the_date_of_its_changes(public_code: dict[str, Any]) -> None:
    version, date = public_code["softwareVersion"], public_code["releaseDate"]
    assert tomllib.loads(read("pyproject.toml"))["project"]["version"] == version
    headings = re.findall(r"^## .*$", read("CHANGELOG.md"), re.MULTILINE)
    assert headings[:2] == ["## Next", f"## {version} – {date}"]


def test_what_changed_since_the_first_release_is_read_in_a_quarter_of_an_hour() -> None:
    since = read("CHANGELOG.md").partition("## Next")[2].partition("\n## 1.0.0 – ")[0]
    assert 500 < len(since.split()) <= 2_500, "say what an operator notices or has to do, and shorten what stands there"


def test_an_address_is_known_or_says_that_it_is_not() -> None:
    for name in ("SECURITY.md", "CODE_OF_CONDUCT.md"):
        assert f"UNKNOWN, {TO_FILL_IN}" in read(name) or re.search(r"\w@\w", read(name)), name


def test_the_readme_is_read_in_one_go() -> None:
    text = read("README.md")
    assert len(text.splitlines()) <= 110
    assert text.count("<img ") <= 5


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", *(f"docs/{one.name}" for one in DOCS.glob("*.md"))])
def test_what_a_page_says_is_in_a_file_is_in_it(page: str) -> None:
    said = re.findall(r"`([A-Za-z_]\w*)` (?:of|in) `([\w./-]+\.(?:py|mjs|toml|json))`", read(page))
    assert [f"{name} in {file}" for name, file in said if not re.search(rf"\b{name}\b", read(file))] == []


def test_each_standard_names_tests_that_are_there() -> None:
    rows = [line for line in read("docs/standards.md").splitlines() if line.startswith("| ")]
    claims = [row for row in rows if not row.startswith(("| standard |", "| clause |"))]
    assert len(claims) > 35
    for claim in claims:
        named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", claim)
        assert named, claim
        for file, test in named:
            assert (ROOT / file).is_file(), file
            assert not test or f"def {test}(" in read(file), f"{file} has no {test}"


def test_no_path_of_a_test_is_overlooked() -> None:
    text = read("docs/standards.md")
    assert text.count("`tests/") == len(re.findall(r"`tests/[\w/]+\.py(?:::\w+)?`", text))


@pytest.mark.parametrize("package", ["common", "kiosk", "screens", "devices", "offline_store", "hub", "central"])
def test_each_room_of_a_package_stands_in_the_architecture(package: str) -> None:
    (row,) = [line for line in read("docs/architecture.md").splitlines() if line.startswith(f"| `{package}/`")]
    named = set(re.findall(r"`([\w/]+)`", row.partition(" | ")[2]))
    rooms = {path.parent.name for path in (ROOT / package).glob("*/__init__.py")}
    assert rooms
    assert rooms - named == set(), "rooms that the page does not name"
    there = {path.stem if path.suffix == ".py" else path.name for path in (ROOT / package).rglob("*")}
    assert {name for name in named if name.rsplit("/", 1)[-1] not in there} == set(), "rooms that are no longer there"


def test_a_word_of_the_glossary_is_explained_once_in_both_languages() -> None:
    rows = [line.strip("|").split("|") for line in read("docs/glossary.md").splitlines() if line.startswith("| ")][1:]
    words = [word.strip() for row in rows for word in row[0].split(",")]
    assert len(words) == len(set(words)) > 35
    assert all(len(row) == 3 and all(cell.strip() for cell in row) for row in rows)


def test_papers_of_all_kinds_grow_no_longer() -> None:
    pages = [*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "deploy").rglob("*.md")]
    words = sum(len(page.read_text(encoding="utf-8").split()) for page in pages)
    assert 40_000 < words <= 62_700, "who adds a page shortens another"


def test_what_we_lean_on_of_a_library_stands_on_one_page_with_the_test_that_would_notice() -> None:
    rows = re.findall(
        r"^\| [\w-]+ \| ([^|]+) \| `(\S+)` \|[^|]+\| `(\S+)` \|$", read("docs/private-parts.md"), re.MULTILINE
    )
    assert len(rows) >= 9
    for parts, file, noticed in rows:
        assert [part for part in re.findall(r"`([\w.]+)`", parts) if part not in read(file)] == [], file
        assert "def test_" in read(noticed)
    reaching = set()
    for package in (path.parent for path in ROOT.glob("*/__init__.py") if path.parent.name != "tests"):
        for path in package.rglob("*.py"):
            lines = path.read_text(encoding="utf-8").splitlines()
            if any("noqa: SLF001" in line and "documented" not in line for line in lines):
                reaching.add(str(path.relative_to(ROOT)))
    assert reaching - {file for _parts, file, _noticed in rows} == set()
