"""The units of a version.

The system knows a stub of each, which never changes; all else lies with the version, so that one link changes program
and units together, forward and back, and `systemctl enable` works as with any other unit.
"""

from pathlib import Path

from release.part import Part

_KEPT = ("Description=", "Documentation=")


def lay_out_units(part: Part, version: str, tree: Path, program: Path, around: Path) -> None:
    """Put the units of a part into its two packages.

    Args:
        part: which program.
        version: its version.
        tree: the copy of the sources.
        program: what the package of the version brings: each unit as a drop-in.
        around: what the other package brings: the stubs, and the way from them to the version in service.
    """
    for unit in sorted(one for pattern in part.units for one in (tree / "deploy/systemd").glob(pattern)):
        stub, rest = split(unit.read_text(encoding="utf-8"))
        # 00: what an operator adds under /etc comes after it.
        drop_in = program / part.release(version).lstrip("/") / "systemd" / f"{unit.name}.d" / "00-version.conf"
        drop_in.parent.mkdir(parents=True)
        drop_in.write_text(rest, encoding="utf-8")
        units = around / "usr/lib/systemd/system"
        units.mkdir(parents=True, exist_ok=True)
        (units / unit.name).write_text(stub, encoding="utf-8")
        (units / f"{unit.name}.d").symlink_to(f"/opt/{part.name}/current/systemd/{unit.name}.d")


def split(unit: str) -> tuple[str, str]:
    """Part a unit into the stub (what it is called, and what starts it) and the rest."""
    described = [line for line in unit.splitlines() if line.startswith(_KEPT)]
    rest, _, install = unit.partition("[Install]\n")
    stub = ["# All else lies with the version in service: systemctl cat shows it.", "[Unit]", *described]
    if install:
        stub += ["", "[Install]", install.rstrip()]
    return "\n".join(stub) + "\n", rest.rstrip() + "\n"
