"""Every file that an operator's paper names lies beside it in the same package, or is of another one that it names."""

import re
from pathlib import Path
from typing import Final

import pytest

from release import debian
from release.part import PARTS, PLAIN

ROOT: Final = Path(__file__).parents[2]
RECIPES: Final = ROOT / "deploy/packages"
PACKAGES: Final = (*(part.name for part in PARTS), *PLAIN)
OF_THE_SOURCES: Final = {
    "deploy/cluster": "the cluster is set up from the sources",
    "deploy/prometheus/cluster": "and so are its alerts",
    "deploy/stick": "a stick is made from the sources, as packages are",
}
_LINK: Final = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
_OF_THE_TREE: Final = re.compile(r"(?<![\w/.-])(?:deploy|docs)/[\w./-]*\w")
_OF_A_PACKAGE: Final = re.compile(r"/usr/(?:share/doc/|share/|lib/)homs-[\w./-]*\w")


@pytest.fixture(scope="module")
def brought(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Lay out what each package brings, but for its program."""
    stages = {}
    for name in PACKAGES:
        stage = stages[name] = tmp_path_factory.mktemp(name)
        debian.lay_out(RECIPES / name / "install", ROOT, stage, {"NAME": name, "VERSION": "1.0"})
        debian.lay_out(RECIPES / "papers", ROOT, stage, {"PACKAGE": f"homs-{name}"})
    return stages


def papers_of(stage: Path, name: str) -> list[Path]:
    folder = stage / f"usr/share/doc/homs-{name}"
    found = [one for one in folder.rglob("*") if one.suffix in (".md", ".html", ".toml", ".example", ".yml")]
    assert {folder / "install.md", folder / "handbook.ar.md", folder / "protocol.md"} <= set(found)
    return [one for one in found if one.name != "CHANGELOG.md"]  # which speaks of what was, too


@pytest.mark.parametrize("name", PACKAGES)
def test_what_a_paper_links_or_names_of_the_tree_lies_in_its_package(name: str, brought: dict[str, Path]) -> None:
    stage = brought[name]
    names = {one.name for one in (stage / "usr/share/doc").rglob("*")}
    for paper in papers_of(stage, name):
        text = paper.read_text(encoding="utf-8")
        lacking = {one for one in _LINK.findall(text) if not (paper.parent / one).exists()}
        of_the_tree = {one for one in _OF_THE_TREE.findall(text) if not one.startswith(tuple(OF_THE_SOURCES))}
        lacking |= {one for one in of_the_tree if Path(one).name not in names}
        assert lacking == set(), f"{paper.name} of homs-{name} sends to {sorted(lacking)}"


@pytest.mark.parametrize("name", PACKAGES)
def test_what_a_paper_names_of_a_package_is_in_that_package(name: str, brought: dict[str, Path]) -> None:
    for paper in papers_of(brought[name], name):
        for named in _OF_A_PACKAGE.findall(paper.read_text(encoding="utf-8")):
            assert any((one / named.lstrip("/")).exists() for one in brought.values()), f"{paper.name}: {named}"


def test_what_is_of_the_sources_is_there_and_named(brought: dict[str, Path]) -> None:
    texts = [one.read_text(encoding="utf-8") for name in PACKAGES for one in papers_of(brought[name], name)]
    for folder in OF_THE_SOURCES:
        named = {one for text in texts for one in _OF_THE_TREE.findall(text) if one.startswith(folder)}
        assert named
        assert all((ROOT / one).exists() for one in named)
