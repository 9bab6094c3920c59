"""What a machine was before Debian's packages of a night, kept until it has come up with them; `back.sh` puts it back.

Files are kept, no packages: the former ones nobody may have any more, and what is broken may be what would install
them. With them go dpkg's own books and /boot, so that packages, starter and kernel are again what they were together.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from updater import durable, packages
from updater.errors import Refused
from updater.site import Site

_PROGRAMS: Final = ("kiosk", "hub", "central")
_SCRIPT: Final = "back.sh"
_LISTS: Final = "var/lib/dpkg/info"
_WHOLE: Final = ("var/lib/dpkg", "boot", "etc/alternatives", "etc/ld.so.cache")
_NAMED: Final = re.compile(r"([a-z0-9][a-z0-9+.-]+) ([A-Za-z0-9.+:~-]+)")
_MANY: Final = 3600.0


def is_pending(site: Site) -> bool:
    """Return whether packages have come that have yet to show that the machine comes up with them.

    Also by the night of another program on this machine: a version taken meanwhile would go with them.
    """
    of_others = (site.state.parent / f"{name}-update" / "before" for name in _PROGRAMS)
    return any((folder / _SCRIPT).exists() for folder in (_folder(site), *of_others))


def keep(site: Site, coming: dict[str, str]) -> None:
    """Keep what these packages, by name with the version that comes, are about to replace.

    Raises:
        Refused: there is no room for it, or it can't be read: then nothing is to be replaced.
    """
    made = site.state / "before.new"
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(mode=0o700)
    paths = sorted(set(_files(site, coming)))
    packages.check_room([site.state], packages.RESERVE + sum(_size(site.system / path) for path in paths))
    durable.write(made / "paths", "\n".join(paths))
    words = ("--create", "--no-recursion", "--file", str(made / "files.tar"), "--directory", str(site.system))
    done = site.run("tar", *words, "--verbatim-files-from", "--files-from", str(made / "paths"), timeout_s=_MANY)
    if done.returncode:
        raise Refused(f"what is there now can't be kept: {(done.stderr.strip().splitlines() or ['tar'])[-1]}")
    durable.write(made / "all", "\n".join(sorted(_all(site))))
    durable.write(made / "packages", "".join(f"{name} {version}\n" for name, version in sorted(coming.items())))
    durable.write(made / "unit", _judged_by(site))
    shutil.copyfile(Path(__file__).with_name(_SCRIPT), made / _SCRIPT)
    os.sync()
    made.rename(_folder(site))
    os.sync()


def refused(site: Site, offers: Callable[[str, str], bool]) -> list[tuple[str, str]]:
    """Return the packages, each with its version, with which this machine did not come up and that are offered still.

    What is offered no more is forgotten.
    """
    path = site.state / "went-back"
    told = (durable.read(path) or "").splitlines()
    kept = [(found[1], found[2]) for line in told if (found := _NAMED.fullmatch(line)) and offers(found[1], found[2])]
    if kept:
        durable.write(path, "".join(f"{name} {version}\n" for name, version in kept))
    elif told:
        durable.remove(path)
    return kept


def _judged_by(site: Site) -> str:
    """Return the unit by which a start counts as one: what people need, where that runs now."""
    runs = site.run("systemctl", "is-active", site.services[0], timeout_s=30).stdout.strip() == "active"
    return site.services[0] if runs else "multi-user.target"


def _folder(site: Site) -> Path:
    return site.state / "before"


def _files(site: Site, names: Iterable[str]) -> Iterator[str]:
    """Yield the files and links of packages, and what belongs to none and changes with them, without the root."""
    for name in names:
        for listed in sorted((site.system / _LISTS).glob(f"{name}*.list")):
            if listed.name.removesuffix(".list").partition(":")[0] == name:
                for line in listed.read_text(encoding="utf-8", errors="replace").splitlines():
                    yield from _one(site, site.system / line.lstrip("/"))
    for whole in _WHOLE:
        top = site.system / whole
        yield from _one(site, top)
        for folder, _, files in top.walk():
            for one in files:
                yield from _one(site, folder / one)
            yield from (str(link.relative_to(site.system)) for link in folder.iterdir() if link.is_symlink())


def _one(site: Site, path: Path) -> Iterator[str]:
    """Yield a file's or link's name by its folder's real place: /lib is a link."""
    if path.is_symlink() or path.is_file():
        yield str((path.parent.resolve() / path.name).relative_to(site.system.resolve()))


def _all(site: Site) -> set[str]:
    """Return every path that dpkg knows, its own books and what lies in /boot, as `back.sh` lists them."""
    found: set[str] = set()
    for listed in (site.system / _LISTS).glob("*.list"):
        found.update(listed.read_text(encoding="utf-8", errors="replace").splitlines())
    for folder in (site.system / _LISTS, site.system / "boot"):
        found.update(f"/{path.relative_to(site.system)}" for path in (folder.iterdir() if folder.is_dir() else ()))
    return found


def _size(path: Path) -> int:
    return path.lstat().st_size
