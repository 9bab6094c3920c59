"""`python -m release.libraries.advisories FOLDER`: known faults in the locked libraries, without asking anybody.

FOLDER holds advisories in the OSV format (https://ossf.github.io/osv-schema, "affected[] fields"), a JSON file each, as
the public database of Python packages gives them in one archive: unpacked here from wherever there is a network.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import InvalidVersion, Version

from release.errors import BuildFailed
from release.libraries.locked import LOCKS, locked

_ECOSYSTEM: Final = "PyPI"


class _Package(msgspec.Struct):
    ecosystem: str = ""
    name: str = ""


class _Event(msgspec.Struct):
    introduced: str | None = None
    fixed: str | None = None
    last_affected: str | None = None


class _Range(msgspec.Struct):
    type: str = ""
    events: list[_Event] = []


class _Affected(msgspec.Struct):
    package: _Package = msgspec.field(default_factory=_Package)
    ranges: list[_Range] = []
    versions: list[str] = []


class _Advisory(msgspec.Struct):
    id: str
    summary: str = ""
    details: str = ""
    withdrawn: str | None = None
    affected: list[_Affected] = []


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One library with a known fault."""

    name: str
    version: str
    advisory: str
    summary: str
    programs: tuple[str, ...]


def find_faults(folder: Path) -> list[Fault]:
    """Hold every locked library against the advisories in a folder.

    Raises:
        BuildFailed: there are no advisories, or one can't be read: an empty or torn database would find nothing.
    """
    used: dict[NormalizedName, dict[Version, list[str]]] = {}
    for program in LOCKS:
        for name, version in locked(program).items():
            used.setdefault(name, {}).setdefault(version, []).append(program)
    found = set()
    for advisory in _advisories(folder):
        for affected in advisory.affected:
            if affected.package.ecosystem != _ECOSYSTEM:
                continue
            for version, programs in used.get(canonicalize_name(affected.package.name), {}).items():
                if _is_affected(version, affected):
                    said = (advisory.summary or advisory.details).strip().split("\n")[0][:200]
                    found.add(Fault(affected.package.name, str(version), advisory.id, said, tuple(programs)))
    return sorted(found)


def _advisories(folder: Path) -> Iterator[_Advisory]:
    paths = sorted(folder.rglob("*.json")) if folder.is_dir() else []
    if not paths:
        raise BuildFailed(f"{folder} holds no advisory (*.json): unpack the database of advisories there")
    for path in paths:
        try:
            advisory = msgspec.json.decode(path.read_bytes(), type=_Advisory)
        except (OSError, msgspec.MsgspecError) as error:
            raise BuildFailed(f"{path} can't be read as an advisory ({error}): unpack the database again") from error
        if advisory.withdrawn is None:
            yield advisory


def _is_affected(version: Version, affected: _Affected) -> bool:
    if any(_version(named) == version for named in affected.versions):
        return True
    return any(_is_within(version, one.events) for one in affected.ranges if one.type == "ECOSYSTEM")


def _is_within(version: Version, events: Sequence[_Event]) -> bool:
    """Go through the events in the order of their versions, as the format has it ("Evaluation")."""
    is_in = False
    for event in sorted(events, key=lambda event: _version(_named(event)) or Version("0")):
        if event.introduced is not None and version >= (_version(event.introduced) or Version("0")):
            is_in = True
        if event.fixed is not None and (fixed := _version(event.fixed)) and version >= fixed:
            is_in = False
        if event.last_affected is not None and (last := _version(event.last_affected)) and version > last:
            is_in = False
    return is_in


def _named(event: _Event) -> str:
    return event.introduced or event.fixed or event.last_affected or "0"


def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:  # "0" begins every range; others are spellings that no release of today has
        return None


def main(words: Sequence[str]) -> int:
    """Say each fault in a line; 1 where there is one, 2 where the question can't be answered."""
    if len(words) != 1:
        print("usage: make advisories DB=FOLDER (advisories in the OSV format, a JSON file each)", file=sys.stderr)
        return 2
    try:
        faults = find_faults(Path(words[0]))
    except BuildFailed as error:
        print(error, file=sys.stderr)
        return 2
    for fault in faults:
        print(f"{fault.name} {fault.version} ({', '.join(fault.programs)}): {fault.advisory}: {fault.summary}")
    print(f"{len(faults)} known faults in what is locked")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
