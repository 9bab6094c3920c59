"""What goes into a package, and where: control files, sums, an environment of one program; without building any."""

import hashlib
import os
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from release import debian, environment
from release.errors import BuildFailed
from release.libraries.locked import locked
from release.part import PARTS, Part
from release.source import ROOT
from tests.release.asked import Asked

PART = Part("kiosk", ("kiosk", "common/city"), "requirements.lock", ("kiosk*",), ())


def test_a_package_has_its_control_files_sums_and_one_time(tmp_path: Path, asked: Asked) -> None:
    recipe, stage = tmp_path / "recipe", tmp_path / "stage"
    (stage / "usr/bin").mkdir(parents=True)
    recipe.mkdir()
    (recipe / "control").write_text(
        "Package: homs-@NAME@\nVersion: @VERSION@\nArchitecture: amd64\nInstalled-Size: @INSTALLED_SIZE@\n"
    )
    (recipe / "postinst").write_text("#!/bin/sh\n")
    (recipe / "install").write_text("no control file\n")
    (stage / "usr/bin/x").write_bytes(b"x" * 3000)
    (stage / "usr/bin/x").chmod(0o700)
    (stage / "usr/y").write_bytes(b"y" * 96)
    (stage / "usr/y").chmod(0o666)
    (stage / "usr/link").symlink_to("y")
    made = debian.build([recipe], stage, {"NAME": "kiosk", "VERSION": "1.2.0"}, tmp_path, 1_700_000_000)
    assert made == tmp_path / "homs-kiosk_1.2.0_amd64.deb"
    assert asked.lines == [f"dpkg-deb --root-owner-group -Zzstd -z11 --build {stage} {tmp_path}"]
    assert asked.extra == [{"SOURCE_DATE_EPOCH": "1700000000"}]
    control = stage / "DEBIAN"
    assert (control / "control").read_text() == (
        "Package: homs-kiosk\nVersion: 1.2.0\nArchitecture: amd64\nInstalled-Size: 3\n"
    )
    assert (control / "md5sums").read_text() == f"{md5(b'x' * 3000)}  usr/bin/x\n{md5(b'y' * 96)}  usr/y\n"
    found = {str(one.relative_to(stage)): one for one in stage.rglob("*")}
    assert sorted(found) == [
        "DEBIAN", "DEBIAN/control", "DEBIAN/md5sums", "DEBIAN/postinst", "usr", "usr/bin", "usr/bin/x", "usr/link",
        "usr/y",
    ]  # fmt: skip
    modes = {name: one.stat().st_mode & 0o777 for name, one in found.items() if not one.is_symlink()}
    assert modes == {
        "DEBIAN": 0o755, "DEBIAN/control": 0o644, "DEBIAN/md5sums": 0o644, "DEBIAN/postinst": 0o755, "usr": 0o755,
        "usr/bin": 0o755, "usr/bin/x": 0o755, "usr/y": 0o644,
    }  # fmt: skip
    assert {one.lstat().st_mtime for one in [stage, *found.values()]} == {1_700_000_000.0}


def md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def test_files_are_laid_where_a_recipe_says(tmp_path: Path) -> None:
    tree, stage = tmp_path / "tree", tmp_path / "stage"
    (tree / "deploy").mkdir(parents=True)
    for name in ("a.conf", "b.conf"):
        (tree / "deploy" / name).write_text(name)
    listed = tmp_path / "install"
    listed.write_text(
        "# what lies where\n\n0640 deploy/*.conf /etc/@NAME@/  # both\n0755 deploy/a.conf usr/bin/other\n"
        "link /opt/x /usr/lib/x\n"
    )
    debian.lay_out(listed, tree, stage, {"NAME": "kiosk"})
    laid = {str(one.relative_to(stage)): one for one in stage.rglob("*") if not one.is_dir() or one.is_symlink()}
    assert sorted(laid) == ["etc/kiosk/a.conf", "etc/kiosk/b.conf", "usr/bin/other", "usr/lib/x"]
    assert laid["usr/bin/other"].read_text() == "a.conf"
    assert os.readlink(laid["usr/lib/x"]) == "/opt/x"  # noqa: PTH115
    modes = [laid[name].stat().st_mode & 0o777 for name in ("etc/kiosk/a.conf", "etc/kiosk/b.conf", "usr/bin/other")]
    assert modes == [0o640, 0o640, 0o755]
    listed.write_text("0644 deploy/none /etc/\n")
    with pytest.raises(BuildFailed, match="deploy/none is missing"):
        debian.lay_out(listed, tree, stage, {})
    with pytest.raises(BuildFailed, match="nothing is known for @OTHER@"):
        debian.filled("a @OTHER@ b@c.d", {})
    assert debian.filled("mail@example.org and @lower@", {}) == "mail@example.org and @lower@"


def wheel(command: list[str]) -> str:
    folder = Path(command[command.index("--wheel-dir") + 1])
    folder.mkdir()
    names = [
        "kiosk/__main__.py", "kiosk/a.py", "hub/b.py", "common/__init__.py", "common/city/c.py", "common/web/d.py",
        "homs.dist-info/METADATA", "homs.dist-info/RECORD", "homs.dist-info/entry_points.txt",
    ]  # fmt: skip
    with zipfile.ZipFile(folder / "homs.whl", "w") as made:
        for name in names:
            made.writestr(name, "")
    return ""


def libraries(command: list[str]) -> str:
    target = Path(command[command.index("--target") + 1])
    for name in ("bin/x", "share/y", "lib/tests/z", "lib/sub/tests/z", "lib/code/z"):
        (target / name).parent.mkdir(parents=True)
        (target / name).touch()
    return ""


def test_an_environment_has_the_libraries_and_what_of_ours_belongs_to_it(tmp_path: Path, asked: Asked) -> None:
    asked.says = {"pip install": libraries, "pip wheel": wheel}
    tree, stage = tmp_path / "tree", tmp_path / "stage"
    tree.mkdir()
    venv = environment.lay_out(PART, "1.2.0", tree, stage)
    release = stage / "opt/kiosk/releases/1.2.0"
    site = venv / "lib/python3.13/site-packages"
    assert venv == release / "venv"
    assert asked.lines == [
        (
            f"{sys.executable} -m pip install --quiet --disable-pip-version-check --no-compile --no-deps "
            f"--require-hashes --only-binary :all: --target {site} -r {tree}/requirements.lock"
        ),
        (
            f"{sys.executable} -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation "
            f"--wheel-dir {tree}/build-wheel {tree}"
        ),
    ]
    assert sorted(str(one.relative_to(site)) for one in site.rglob("*") if one.is_file()) == [
        "common/__init__.py", "common/city/c.py", "homs.dist-info/METADATA", "kiosk/__main__.py", "kiosk/a.py",
        "lib/code/z",
    ]  # fmt: skip
    links = {name: os.readlink(release / name) for name in ("bin", "venv/bin/python", "venv/bin/python3")}  # noqa: PTH115
    assert links == {"bin": "venv/bin", "venv/bin/python": "/usr/bin/python3.13", "venv/bin/python3": "python"}
    launcher = release / "venv/bin/kiosk"
    assert launcher.read_text() == (
        "#!/opt/kiosk/releases/1.2.0/venv/bin/python -Iu\nimport sys\n\n"
        "from kiosk.__main__ import main\n\nsys.exit(main())\n"
    )
    assert launcher.stat().st_mode & 0o777 == 0o755
    assert "include-system-site-packages = false" in (venv / "pyvenv.cfg").read_text()
    asked.lines.clear()
    environment.lay_out(PART, "1.2.1", tree, stage)
    assert len(asked.lines) == 1, "our wheel is built once"


def test_a_library_that_debian_keeps_is_linked_in_the_place_of_its_wheel_and_nothing_else_is(
    tmp_path: Path, asked: Asked
) -> None:
    def with_kivy(command: list[str]) -> str:
        libraries(command)
        site = Path(command[command.index("--target") + 1])
        files = ("kivy/__init__.py", "kivy/core/a.so", "Kivy.libs/libpng15.so", "kivy_garden/b.py", "other/c.py")
        for name in (*files, "Kivy-2.3.1.dist-info/METADATA", "other-1.dist-info/RECORD"):
            (site / name).parent.mkdir(parents=True, exist_ok=True)
            (site / name).touch()
        info = "Kivy-2.3.1.dist-info"
        listed = (
            "kivy/__init__.py,x,1",
            "kivy/core/a.so,,",
            f"{info}/METADATA,,",
            f"{info}/RECORD,,",
            "../../../bin/x,,",
        )
        (site / info / "RECORD").write_text("\n".join(listed))
        return ""

    asked.says = {"pip install": with_kivy, "pip wheel": wheel}
    tree, stage = tmp_path / "tree", tmp_path / "stage"
    tree.mkdir()
    site = (
        environment.lay_out(replace(PART, from_debian=("kivy",)), "1.2.0", tree, stage) / "lib/python3.13/site-packages"
    )
    assert os.readlink(site / "kivy") == "/usr/lib/python3/dist-packages/kivy"  # noqa: PTH115
    assert [one.name for one in (site / "Kivy-2.3.1.dist-info").iterdir()] == ["METADATA"]
    assert sorted(one.name for one in site.iterdir()) == [
        "Kivy-2.3.1.dist-info", "common", "homs.dist-info", "kiosk", "kivy", "kivy_garden", "lib", "other",
        "other-1.dist-info",
    ]  # fmt: skip


def test_the_kiosk_s_window_is_debian_s_and_its_package_asks_for_it() -> None:
    (kiosk,) = [one for one in PARTS if one.name == "kiosk"]
    control = (ROOT / "deploy/packages/version/kiosk/control").read_text(encoding="utf-8")
    assert kiosk.from_debian == ("kivy",)
    assert all(f"python3-{name} (>= " in control for name in kiosk.from_debian)
    locked_kivy = locked("kiosk")[canonicalize_name("kivy")]
    assert f"python3-kivy (>= {locked_kivy})" in control, "tests draw with what is locked: both are of one version"


def test_an_environment_is_loaded_alone_and_compiled_by_content(tmp_path: Path, asked: Asked) -> None:
    environment.check_it_loads(PART, tmp_path / "venv", tmp_path)
    environment.compile_all(tmp_path / "venv", tmp_path / "stage")
    loads, compiles = asked.lines
    assert loads.startswith(f"{tmp_path}/venv/bin/python -IBc ")
    assert loads.endswith(" kiosk common/city features")
    assert compiles == (
        f"/usr/bin/python3.13 -Im compileall -q -f --invalidation-mode unchecked-hash -s {tmp_path}/stage -p / "
        f"{tmp_path}/venv/lib/python3.13/site-packages"
    )
    assert asked.extra == [
        {"KIVY_HOME": f"{tmp_path}/kivy", "KIVY_NO_ARGS": "1", "KIVY_NO_CONSOLELOG": "1"},
        {"PYTHONHASHSEED": "0"},
    ]
