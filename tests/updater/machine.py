"""A made-up machine for the updater: its packages, its doctors and its services are what a test writes down."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from updater.packages import Repository
from updater.site import Site
from updater.update import Updater

# apt, dpkg and systemctl in one, on plain files: offered/V is a version that can be had.
_TOOLS = """#!/usr/bin/python3 -IS
import pathlib, shutil, sys
root = pathlib.Path("{root}")
name, words = pathlib.Path(sys.argv[0]).name, sys.argv[1:]
releases, offered, base = root / "opt/releases", root / "offered", root / "base"
with (root / "calls").open("a") as calls:
    print(name, *[word for word in words if not word.startswith(("-o", "Dir", "APT", "Acq"))], file=calls)
def wanted(prefix):
    return [word.split("=")[0].removeprefix("{package}-") for word in words if word.startswith(prefix)]
def is_clean():
    return not base.exists() or any(releases.iterdir())
if name == "systemctl" and "is-active" in words:
    current = (root / "opt/current").readlink().name
    print("failed" if (root / ("dark-" + current)).exists() else "active")
elif name == "systemctl" and "list-units" in words:
    print("central@8081.service loaded active running Central\\ncentral@8082.service loaded inactive dead Central")
elif name == "systemctl" and "show" in words:
    print((root / "migrating").read_text() if (root / "migrating").exists() else "dead")
elif name == "curl":
    sys.exit(22 if (root / ("dark-" + (root / "opt/current").readlink().name)).exists() else 0)
elif name == "apt-get" and "update" in words and (root / "unsigned").exists():
    sys.exit("E: The repository is not signed.")
elif name == "apt-cache" and "pkgnames" in words:
    print(*["{package}-" + one.name for one in offered.iterdir()], sep="\\n")
elif name == "apt-cache":
    print("Package: x\\nFilename: pool/x\\nSize: " + (root / "size").read_text() + "\\nInstalled-Size: 10\\n")
elif {{"--configure", "--fix-broken"}} & set(words) and (root / "apt-is-broken").exists():
    sys.exit("dpkg: error: dpkg frontend lock was locked by another process")
elif name == "apt-get" and words[-1] == "check":
    sys.exit(0 if is_clean() else "E: Unmet dependencies.")
elif name == "apt-get" and words[-1] == "upgrade":
    pins = [pathlib.Path(word.split("=")[1]) for word in words if word.startswith("Dir::Etc::Preferences=")]
    if not pins or "Package: homs-*" not in pins[0].read_text():
        sys.exit("E: our own packages would be upgraded too")
    newer = (root / "debian").read_text().split() if (root / "debian").exists() else []
    if "--simulate" in words:
        print(*["Inst " + one + " [1.0] (1.1 Homs kiosks:stable [amd64])" for one in newer], sep="\\n")
    elif (root / "debian-breaks").exists():
        sys.exit("dpkg: error processing package libc6")
    else:
        (root / "debian").unlink()
elif name == "apt-get" and words[-1] == "autoremove":
    if "--with-new-pkgs" in words:
        sys.exit("E: Command line option --with-new-pkgs is not understood in combination with the other options")
elif name == "apt-get" and "--download-only" in words:
    (version,) = [word.split("=")[1] for word in words if word.startswith("{package}=")]
    if (offered / version).exists():
        archives = root / "state/apt/archives"
        (archives / ("{package}_" + version + "_amd64.deb")).write_text(version)
elif name == "apt-get" and "install" in words and words[-1].endswith(".deb"):
    version = pathlib.Path(words[-1]).read_text()
    older = [int(part) for part in version.split(".")] < [int(part) for part in base.read_text().split(".")]
    if older and "--allow-downgrades" not in words:
        sys.exit("E: Packages were downgraded and -y was used without --allow-downgrades.")
    base.write_text(version)
elif name == "apt-get" and "install" in words:
    if not is_clean():
        sys.exit("E: Unmet dependencies.")
    for one in wanted("{package}-"):
        shutil.copytree(root / "release", releases / one, dirs_exist_ok=True)
elif name == "dpkg-query" and words[-1] == "{package}":
    print(base.read_text(), end="")
elif name == "dpkg-query":
    print(*["{package}-" + one.name + " installed" for one in releases.iterdir()], sep="\\n")
elif name == "dpkg" and "--purge" in words:
    for one in wanted("{package}-"):
        shutil.rmtree(releases / one)
elif name == "dpkg" and "--compare-versions" in words:
    key = lambda text: [int(part) for part in text.split(".")]
    sys.exit(not key(words[1]) < key(words[3]))
"""
# A doctor of one version: it brings the store it is given to its own revision, and reads none above it.
_KIOSK = """#!/bin/sh
version=$(basename "$(dirname "$(dirname "$(readlink -f "$0")")")")
[ "$1" = wanted-version ] && exec cat "{root}/wanted"
[ -f "{root}/crashes-$version" ] && {{ echo "Traceback" >&2; echo "ImportError: no such thing" >&2; exit 1; }}
verdict=$(/usr/bin/python3 -IS - "$5" "$version" <<'PY'
import pathlib, sqlite3, sys
root, version = pathlib.Path("{root}"), sys.argv[2]
own = 2 if (root / ("migrates-" + version)).exists() else 1
with sqlite3.connect(sys.argv[1] + "/store.db") as store:
    (found,) = store.execute("SELECT revision FROM store").fetchone()
    if found < own:
        store.execute("UPDATE store SET revision = ?", [own])
print("problem" if found > own or (root / ("breaks-" + version)).exists() else "ok")
PY
)
printf '{{"check": "store", "verdict": "%s", "found": "x", "todo": "y"}}\\n' "$verdict"
printf '{{"check": "printer", "verdict": "problem", "found": "no paper", "todo": "put a roll in"}}\\n'
[ -f "{root}/full" ] &&
    printf '{{"check": "free disk", "verdict": "problem", "found": "%s MB", "todo": "y"}}\\n' "$$"
[ -f "{root}/warns-$version" ] || exit 0
printf '{{"check": "tiles", "verdict": "warning", "found": "one is unknown", "todo": "mend it"}}\\n'
"""
# Central's commands of one version, over a database that is a file here.
_CENTRAL = """#!/usr/bin/python3 -IS
import json, os, pathlib, shutil, sqlite3, sys
root = pathlib.Path("{root}")
version, words = pathlib.Path(sys.argv[0]).resolve().parent.parent.name, sys.argv[1:]
own = 2 if (root / ("migrates-" + version)).exists() else 1
assert os.environ["CENTRAL_DATABASE"] == "postgresql:///central?a=b" and os.environ["CENTRAL_DATA"] == str(root / "var")
def row(path):
    with sqlite3.connect(path) as database:
        return database.execute("SELECT head_seq, revision FROM store").fetchone()
def end(what):
    sys.exit("Traceback\\n" + what)
if (root / ("crashes-" + version)).exists():
    end("ImportError: no such thing")
if words[:2] == ["backup", "--to"]:
    if (root / "full").exists():
        end("no room for a copy")
    made = pathlib.Path(words[2]) / ("copy-%d" % len(list(pathlib.Path(words[2]).iterdir())))
    with sqlite3.connect(root / "var/store.db") as source, sqlite3.connect(made) as target:
        source.backup(target)
    print(json.dumps(dict(backup=str(made))))
elif words[:2] == ["backup", "check"]:
    (head, revision) = row(words[2])
    if revision > own or (root / ("breaks-" + version)).exists():
        end("the copy can't be brought to these tables")
    print(json.dumps(dict(revision=str(revision), own=str(own))))
elif words[:2] == ["backup", "head"] and (root / ("headless-" + version)).exists():
    print("Usage: central backup [OPTIONS] COMMAND [ARGS]...\\nNo such command 'head'.\\n+-----+", file=sys.stderr)
    sys.exit(2)
elif words[:2] == ["backup", "head"]:
    (head, revision) = row(root / "var/store.db")
    if revision > own:
        end("the database was migrated by a newer central")
    print(json.dumps(dict(head=str(head))))
elif words[0] == "bring-back":
    for side in ("-wal", "-shm"):
        (root / ("var/store.db" + side)).unlink(missing_ok=True)
    shutil.copyfile(words[1], root / "var/store.db.new")
    (root / "var/store.db.new").replace(root / "var/store.db")
    print(json.dumps(dict(backup=words[1])))
"""


class Machine:
    """One machine with version 1.0.0 in service."""

    def __init__(self, root: Path, name: str = "kiosk") -> None:
        self.root = root
        self.said: list[str] = []
        for folder in ("opt/releases", "var", "etc", "bin", "offered", "release/bin", "state", "backups"):
            (root / folder).mkdir(parents=True)
        (root / "system/var/lib/dpkg").mkdir(parents=True)
        self._program(root / "release/bin" / name, (_CENTRAL if name == "central" else _KIOSK).format(root=root))
        for tool in ("apt-get", "apt-cache", "dpkg", "dpkg-query", "systemctl", "curl"):
            self._program(root / "bin" / tool, _TOOLS.format(root=root, package=f"homs-{name}"))
        (root / "size").write_text("1000")
        (root / "etc/release.gpg").write_text("key")
        user = subprocess.check_output(["id", "-un"], text=True).strip()
        path = f"{root / 'bin'}:{os.environ['PATH']}"
        places = root / "opt", root / "state", root / "var", root / "etc"
        made_up = {"backups_folder": root / "backups", "proc_stat": root / "stat", "system": root / "system"}
        self.site = Site(*places, user, name, path=path, patience_s=0.01, **made_up)
        (root / "stat").write_text("cpu 1 2 3\nbtime 1000\n")
        with closing(sqlite3.connect(root / "var/store.db")) as store, store:
            store.execute("PRAGMA journal_mode = WAL")
            store.execute("CREATE TABLE store (epoch, head_seq, head_hash, revision)")
            store.execute("INSERT INTO store VALUES ('e', 7, 'h7', 1)")
        self.offer("1.0.0")
        self.updater = Updater(self.site, self.said.append)
        (root / "base").write_text("1.0.0")  # as an installer leaves it: nothing is kept for the way back yet
        shutil.copytree(root / "release", root / "opt/releases/1.0.0")
        (root / "opt/current").symlink_to(root / "opt/releases/1.0.0")

    def offer(self, version: str, *marks: str) -> None:
        """Have a version on offer, with what is wrong or new in it: breaks, crashes, dark, headless, migrates."""
        (self.root / "offered" / version).touch()
        for mark in marks:
            (self.root / f"{mark}-{version}").touch()

    def update(self, version: str | None = None, *, older: bool = False) -> None:
        with self.updater.alone():
            self.updater.update(Repository(self.site, "file:/r"), version, older=older)

    def back(self) -> None:
        with self.updater.alone():
            self.updater.back(now="2026-11-26T02:00:00+00:00")

    def night(self) -> None:
        """Let the timer come."""
        with self.updater.alone():
            self.updater.nightly(Repository(self.site, "file:/r"), now="2026-11-26T02:00:00+00:00")

    def apt_upgrade(self, version: str) -> None:
        """Have somebody upgrade all packages by apt: the tools are newer then, and their version lies beside."""
        shutil.copytree(self.root / "release", self.root / "opt/releases" / version, dirs_exist_ok=True)
        (self.root / "base").write_text(version)

    def start(self) -> None:
        """Boot: the version in service opens the store, and brings it to its own revision."""
        self.open_store()
        with self.updater.alone():
            self.updater.settle()

    def open_store(self) -> int:
        """Be the version in service: return the revision of the store, which it reads, or brings up to its own."""
        own = 2 if (self.root / f"migrates-{self.current}").exists() else 1
        with closing(sqlite3.connect(self.root / "var/store.db")) as store, store:
            assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            (found,) = store.execute("SELECT revision FROM store").fetchone()
            assert found <= own, f"{self.current} can't read the store"
            store.execute("UPDATE store SET revision = ?", [own])
        return int(found)

    def accept_one(self) -> None:
        with closing(sqlite3.connect(self.root / "var/store.db")) as store, store:
            store.execute("UPDATE store SET head_seq = head_seq + 1, head_hash = 'h8'")

    @property
    def current(self) -> str:
        return (self.root / "opt/current").readlink().name

    @property
    def tools(self) -> str:
        """Of which version units and tools are."""
        return (self.root / "base").read_text()

    @property
    def apt_is_content(self) -> bool:
        return self.site.run("apt-get", "check").returncode == 0

    @property
    def head(self) -> tuple[int, int]:
        with closing(sqlite3.connect(self.root / "var/store.db")) as store:
            found: tuple[int, int] = store.execute("SELECT head_seq, revision FROM store").fetchone()
        return found

    @property
    def versions(self) -> set[str]:
        return {path.name for path in (self.root / "opt/releases").iterdir()}

    @property
    def calls(self) -> list[str]:
        path = self.root / "calls"
        return path.read_text().splitlines() if path.exists() else []

    @property
    def serves(self) -> bool:
        told = [line for line in self.calls if line.startswith(("systemctl start", "systemctl stop"))]
        return not told or told[-1].startswith("systemctl start")

    def _program(self, path: Path, text: str) -> None:
        path.write_text(text)
        path.chmod(0o755)
