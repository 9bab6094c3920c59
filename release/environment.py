"""The environment of one program: the locked libraries and our own folders, laid out as they will lie on a machine."""

import shutil
import sys
import zipfile
from pathlib import Path
from typing import Final

from release.part import FEATURES, Part
from release.running import run

PYTHON: Final = "/usr/bin/python3.13"
DEBIAN: Final = Path("/usr/lib/python3/dist-packages")
_LIBRARIES: Final = "lib/python3.13/site-packages"
# -I: neither the folder it is started in nor the surroundings bring code in. -u: what is said is said at once.
_LAUNCHER: Final = """#!{python} -Iu
import sys

from {name}.__main__ import main

sys.exit(main())
"""
# Every module of ours is loaded once with what is in this environment and nothing else.
_LOAD_ALL: Final = """
import importlib, pathlib, pkgutil, sys
root = pathlib.Path(sys.prefix) / "lib/python3.13/site-packages"
for name in sys.argv[1:]:
    for found in pkgutil.walk_packages([str(root / name)], name.replace("/", ".") + "."):
        if ".migrations." not in found.name and not found.name.endswith("__main__"):
            importlib.import_module(found.name)
"""


def lay_out(part: Part, version: str, tree: Path, stage: Path) -> Path:
    """Make the environment of a part under `stage`, as at its place on the machine.

    Args:
        part: which program.
        version: the version that is built.
        tree: the copy of the sources.
        stage: the folder that stands for `/`.

    Returns:
        The environment's folder under `stage`.
    """
    release = stage / part.release(version).lstrip("/")
    venv = release / "venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin/python").symlink_to(PYTHON)
    (venv / "bin/python3").symlink_to("python")
    (venv / "pyvenv.cfg").write_text("home = /usr/bin\ninclude-system-site-packages = false\nversion = 3.13\n")
    (release / "bin").symlink_to("venv/bin")
    libraries = venv / _LIBRARIES
    libraries.mkdir(parents=True)
    _install_libraries(tree / part.lock, libraries)
    for name in part.from_debian:
        _leave_to_debian(name, libraries)
    _install_ours(part, tree, libraries)
    launcher = venv / "bin" / part.name
    launcher.write_text(_LAUNCHER.format(python=f"{part.release(version)}/venv/bin/python", name=part.name))
    launcher.chmod(0o755)
    return venv


def check_it_loads(part: Part, venv: Path, scratch: Path) -> None:
    """Load every module of the part with nothing but this environment: what the lock lacks shows here."""
    home = {"KIVY_HOME": str(scratch / "kivy"), "KIVY_NO_ARGS": "1", "KIVY_NO_CONSOLELOG": "1"}
    run([str(venv / "bin/python"), "-IBc", _LOAD_ALL, *part.packages, FEATURES], extra=home)


def compile_all(venv: Path, stage: Path) -> None:
    """Compile everything, by its content and not its time: the program starts faster, and two builds are alike."""
    # -f: what looked at the environment meanwhile has left files that bear a time.
    words = ["-Im", "compileall", "-q", "-f", "--invalidation-mode", "unchecked-hash", "-s", str(stage), "-p", "/"]
    run([PYTHON, *words, str(venv / _LIBRARIES)], extra={"PYTHONHASHSEED": "0"})


def _install_libraries(lock: Path, libraries: Path) -> None:
    words = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile", "--no-deps"]
    words += ["--require-hashes", "--only-binary", ":all:", "--target", str(libraries), "-r", str(lock)]
    run([sys.executable, *words])
    shutil.rmtree(libraries / "bin", ignore_errors=True)  # commands of libraries: nobody calls them on a kiosk
    shutil.rmtree(libraries / "share", ignore_errors=True)  # their examples
    for tests in [*libraries.glob("*/tests"), *libraries.glob("*/*/tests")]:
        shutil.rmtree(tests)


def _leave_to_debian(name: str, libraries: Path) -> None:
    """Put Debian's build of a library in the place of its wheel, and nothing else of Debian's.

    Of what a wheel brings in C nobody mends the faults; Debian's is linked against libraries that it keeps secure. Name
    and version stay, for the bill of materials and for what a kiosk says of its software.
    """
    (info,) = [one for one in libraries.glob("*.dist-info") if one.name.lower().startswith(f"{name}-")]
    for line in (info / "RECORD").read_text(encoding="utf-8").splitlines():
        if not line.startswith(("../", f"{info.name}/METADATA")):  # a command, which no machine has; what it is
            (libraries / line.split(",")[0]).unlink(missing_ok=True)
    for left in (libraries / name, *libraries.glob(f"[{name[0]}{name[0].upper()}]{name[1:]}.libs")):
        shutil.rmtree(left, ignore_errors=True)
    (libraries / name).symlink_to(DEBIAN / name)


def _install_ours(part: Part, tree: Path, libraries: Path) -> None:
    wheels = tree / "build-wheel"
    if not wheels.exists():
        words = ["-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation"]
        run([sys.executable, *words, "--wheel-dir", str(wheels), str(tree)])
    with zipfile.ZipFile(next(wheels.glob("*.whl"))) as wheel:
        for name in wheel.namelist():
            is_metadata = name.split("/")[0].endswith(".dist-info")
            if part.has(name) or (is_metadata and not name.endswith(("/RECORD", "entry_points.txt"))):
                wheel.extract(name, libraries)
