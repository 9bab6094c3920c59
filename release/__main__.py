"""`python -m release [--into DIR]`: builds the packages of all programs and the signed repository of them."""

import argparse
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from release import debian
from release.environment import check_it_loads, compile_all, lay_out
from release.errors import BuildFailed
from release.libraries.bill import write_bill
from release.part import PARTS, PLAIN, Part
from release.released import check_release
from release.repository import write_repository
from release.signing import SETTING, Signer
from release.source import ROOT, copy_tree, epoch, version
from release.units import lay_out_units


def build_part(part: Part, tree: Path, target: Path, signer: Signer) -> list[Path]:
    """Build the two packages of a part and its bill of materials into `target`; return the packages."""
    recipes, named, born = tree / "deploy/packages", version(), epoch()
    values = {"VERSION": named, "NAME": part.name, "RELEASE": part.release(named)}
    with tempfile.TemporaryDirectory(prefix="packages-") as folder:
        stage = Path(folder) / "version"
        venv = lay_out(part, named, tree, stage)
        check_it_loads(part, venv, Path(folder))
        bill = target / f"{part.package}_{named}.cdx.json"
        write_bill(part, named, venv, bill, born, Path(sys.executable).parent)
        compile_all(venv, stage)
        debian.lay_out(recipes / "version/install", tree, stage, values)
        shutil.copyfile(bill, stage / f"usr/share/doc/{part.package}-{named}" / bill.name)
        around = Path(folder) / "around"
        around.mkdir()
        lay_out_units(part, named, tree, stage, around)
        debian.lay_out(recipes / part.name / "install", tree, around, values)
        debian.lay_out(recipes / "papers", tree, around, {"PACKAGE": part.package})
        signer.trusted_keys(around / f"usr/share/{part.package}/release.gpg")
        control = [recipes / "version/common", recipes / "version" / part.name]
        program = debian.build(control, stage, values, target, born)
        return [program, debian.build([recipes / part.name], around, values, target, born)]


def build_plain(name: str, tree: Path, target: Path, named: str, born: int) -> Path:
    """Build the package of what needs no program of ours into `target`; return it."""
    recipe, values = tree / "deploy/packages" / name, {"VERSION": named}
    with tempfile.TemporaryDirectory(prefix="packages-") as folder:
        stage = Path(folder) / name
        stage.mkdir()
        debian.lay_out(recipe / "install", tree, stage, values)
        debian.lay_out(recipe.with_name("papers"), tree, stage, {"PACKAGE": f"homs-{name}"})
        return debian.build([recipe], stage, values, target, born)


def main() -> int:
    """Build everything; return the exit status."""
    words = argparse.ArgumentParser(prog="release", description=__doc__)
    words.add_argument("--into", type=Path, default=ROOT / "build/packages", help="the folder for the packages")
    only = [*(part.name for part in PARTS), *PLAIN]
    words.add_argument("--only", choices=only, help="build the packages of one program")
    words.add_argument("--also", type=Path, metavar="DIR", help="the repository offers these earlier packages too")
    told = words.parse_args()
    target: Path = told.into
    began = time.monotonic()
    try:
        check_release(ROOT)
        named, born = version(), epoch()
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        signer = Signer(target.parent / "demo-signing-key")
        with tempfile.TemporaryDirectory(prefix="sources-") as folder:
            tree = Path(folder)
            copy_tree(tree, named)
            packages: list[Path] = []
            for part in PARTS:
                if told.only not in (None, part.name):
                    continue
                packages += build_part(part, tree, target, signer)
                print(f"{part.package} {named}: {sum(one.stat().st_size for one in packages[-2:]) / 1e6:.0f} MB")
            for name in PLAIN:
                if told.only in (None, name):
                    packages.append(build_plain(name, tree, target, named, born))
        earlier = sorted(told.also.glob("*.deb")) if told.also else []
        write_repository([*packages, *earlier], target / "repository", signer, born, datetime.now(UTC))
    except BuildFailed as failed:
        print(failed, file=sys.stderr)
        return 1
    if signer.is_demo:
        print(f"signed with a key made for trials; {SETTING}=FINGERPRINT signs with a real one")
    print(f"{target}: {len(packages)} packages and their repository in {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
