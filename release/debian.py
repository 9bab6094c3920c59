"""A Debian package from a folder that stands for `/`: its control files, and the same bytes from the same content."""

import os
import shutil
from hashlib import md5
from pathlib import Path
from typing import Final

from release.errors import BuildFailed
from release.running import run

_SCRIPTS: Final = ("preinst", "postinst", "prerm", "postrm", "config")


def build(folders: list[Path], stage: Path, values: dict[str, str], target: Path, epoch: int) -> Path:
    """Build one package.

    Args:
        folders: where its control files lie in deploy/packages; in them `@NAME@` stands for a value.
        stage: what it brings.
        values: what stands for the names.
        target: the folder for the package.
        epoch: the time that its files bear, in seconds.

    Returns:
        The package's file.
    """
    control = stage / "DEBIAN"
    control.mkdir()
    sizes = sum(path.lstat().st_size for path in stage.rglob("*") if not path.is_dir())
    values = {**values, "INSTALLED_SIZE": str(sizes // 1024)}
    for source in sorted(one for folder in folders for one in folder.iterdir()):
        if source.name in (*_SCRIPTS, "control", "templates", "conffiles"):
            path = control / source.name
            path.write_text(filled(source.read_text(encoding="utf-8"), values), encoding="utf-8")
            path.chmod(0o755 if source.name in _SCRIPTS else 0o644)
    _write_sums(stage, control / "md5sums")
    _normalise(stage, epoch)
    words = ["--root-owner-group", "-Zzstd", "-z11", "--build", str(stage), str(target)]
    run(["dpkg-deb", *words], extra={"SOURCE_DATE_EPOCH": str(epoch)})
    fields = dict(line.split(": ", 1) for line in (control / "control").read_text().splitlines() if ": " in line)
    return target / f"{fields['Package']}_{fields['Version']}_{fields['Architecture']}.deb"


def filled(text: str, values: dict[str, str]) -> str:
    """Put the values into a text; a name that has none is a mistake in the text."""
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    rest = [word for word in text.split("@") if word.isupper() and word.isidentifier()]
    if rest:
        raise BuildFailed(f"nothing is known for @{rest[0]}@ in deploy/packages")
    return text


def lay_out(listed: Path, tree: Path, stage: Path, values: dict[str, str]) -> None:
    """Put files where `listed` says: `MODE SOURCE TARGET` a line, or `link TARGET PATH`; `#` begins a comment."""
    for line in filled(listed.read_text(encoding="utf-8"), values).splitlines():
        words = line.split("#")[0].split()
        if not words:
            continue
        mode, source, target = words
        if mode == "link":
            path = stage / target.lstrip("/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.symlink_to(source)
            continue
        found = sorted(tree.glob(source))
        if not found:
            raise BuildFailed(f"{listed}: {source} is missing")
        for one in found:
            path = stage / target.lstrip("/") / one.name if target.endswith("/") else stage / target.lstrip("/")
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(one, path)
            path.chmod(int(mode, 8))


def _write_sums(stage: Path, target: Path) -> None:
    files = [path for path in sorted(stage.rglob("*")) if path.is_file() and not path.is_symlink()]
    sums = (
        f"{md5(path.read_bytes(), usedforsecurity=False).hexdigest()}  {path.relative_to(stage)}\n"
        for path in files
        if "DEBIAN" not in path.relative_to(stage).parts
    )
    target.write_text("".join(sums), encoding="utf-8")


def _normalise(stage: Path, epoch: int) -> None:
    """Give everything one time and modes that don't depend on who builds."""
    for path in [stage, *stage.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        os.utime(path, (epoch, epoch), follow_symlinks=False)
