"""Central with PostgreSQL and nginx, and a centre's hub, installed from packages by the very lines of the guides."""

import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from central.offices.retention.kinds import asked_about
from release.signing import Signer
from tests.kit.memory import on_disk
from tests.release.building import build, need_machines
from tests.release.machine import Machine
from tools.cluster.waiting import until

DEPLOY = Path(__file__).parents[2] / "deploy"
VERSION, NEXT = "1.0.0", "1.1.0"
# Debian's own packages come from a mirror when the machine is made: it has no network afterwards.
DEBIAN = (
    "postgresql", "nginx", "nftables", "curl", "openssl", "ca-certificates", "systemd-timesyncd", "python3",
    "unattended-upgrades", "libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "espeak-ng",
)  # fmt: skip
SOURCE = "deb [signed-by=/etc/kiosk/release.gpg] file:/mnt/repository stable main"


@pytest.fixture
def machine() -> Iterator[Machine]:
    """Return a booted machine with the signed repository of central's and the hub's packages at /mnt, not installed."""
    need_machines()
    with on_disk("both") as folder:
        machine = Machine(folder / "machine")
        Signer(folder / "demo-signing-key")
        with ThreadPoolExecutor(2) as side_by_side:
            made = side_by_side.submit(machine.make, *DEBIAN)
            side_by_side.submit(_build_all, folder).result()
            made.result()
        repository = machine.root / "mnt/repository"
        shutil.copytree(folder / "central-next/repository", repository)
        (machine.root / "etc/apt/sources.list").write_text("")
        (machine.root / "etc/apt/sources.list.d/kiosk.list").write_text(f"{SOURCE}\n")
        with (machine.root / "etc/hosts").open("a") as hosts:
            hosts.write("127.0.0.1 localhost central.example\n")
        machine.boot()
        try:
            machine.run("install", "-D", "-m", "0644", "/mnt/repository/homs-kiosk.gpg", "/etc/kiosk/release.gpg")
            machine.run("apt-get", "--quiet", "update")
            yield machine
        finally:
            machine.halt()


@pytest.mark.timeout(1500)
def test_both_are_installed_by_the_guides_and_updated_and_removed(machine: Machine) -> None:
    said = _type(machine, "install.md", "apt install postgresql nginx nftables", pinned=VERSION, NAME="central.example")
    ready = ("curl", "--silent", "--show-error", "--fail", "http://127.0.0.1:8081/readyz")
    assert "ready" in machine.run(*ready)
    bad = [line for line in said.splitlines() if line.startswith("PROBLEM")]
    assert [line.split()[1].rstrip(":") for line in bad] == ["retention"], "how long what is kept is the city's to say"
    machine.run("mv", "/etc/central/tls/ca-key.pem", "/srv/ca-key.pem")
    said = machine.run("central-setup", "--ca-key", "/srv/ca-key.pem")
    assert "shred" not in said
    assert "answers as central, with a certificate until" in said

    _type(machine, "install.md", "central enrolment-code --centre homs-main", NAME="rana")
    said = _type(machine, "install-hub.md", "cp /usr/share/doc/homs-central/counters.example.json", NAME="salma")
    code = re.findall(r"\b[A-Z2-7]{16}\b", said)[-1]
    machine.run("cp", "/etc/central/tls/ca.pem", "/srv/central-ca.pem")
    here = {"CODE": code, "10.0.0.5": "127.0.0.1"}
    _type(machine, "install-hub.md", "apt install homs-hub", pinned=VERSION, **here)
    assert "/packages" in machine.run("cat", "/etc/hub/packages.url")
    until(lambda: "PROBLEM" not in machine.run("hub", "doctor"), "the hub's doctor finds nothing wrong")
    _type(machine, "install-hub.md", "central centre-ca > centre-ca.crt")
    page = ("curl", "--silent", "--show-error", "--fail", "--cacert", "/srv/centre-ca.crt")
    until(lambda: "<html" in machine.run(*page, "https://127.0.0.1:8090/counter"), "a counter's page is served")

    _type(machine, "install.md", "central-update ")
    assert machine.run("central", "--version").split()[-1] == NEXT
    assert "ready" in machine.run(*ready)
    machine.run("central-update", "--back")
    assert machine.run("central", "--version").split()[-1] == VERSION
    assert "ready" in machine.run(*ready)
    machine.run("central-update", "--from", "/mnt/repository", NEXT)
    assert machine.run("central", "--version").split()[-1] == NEXT
    machine.run("apt-get", "check")

    _type(machine, "install-hub.md", "hub-update --from")
    assert machine.run("hub", "--version").split()[-1] == NEXT
    machine.run("hub-update", "--back")
    assert machine.run("hub", "--version").split()[-1] == VERSION
    machine.run("hub-update", "--from", "/mnt/repository", NEXT)
    assert machine.run("hub", "--version").split()[-1] == NEXT
    machine.run("apt-get", "check")
    until(lambda: "PROBLEM" not in machine.run("hub", "doctor"), "the new hub's doctor finds nothing wrong")

    _is_brought_back(machine)

    machine.run("apt-get", "--quiet", "--yes", "purge", "homs-hub", "homs-central")
    running = machine.run("systemctl", "list-units", "--plain", "--no-legend", "hub*", "central*", "--state=active")
    assert not running.strip()
    wanted = [path.name for path in (machine.root / "etc/systemd/system").rglob("*.wants/*")]
    assert not [name for name in wanted if name.startswith(("hub", "central"))]
    assert (machine.root / "var/lib/hub/keys").is_dir()
    assert (machine.root / "var/lib/central/keys").is_dir()


def _is_brought_back(machine: Machine) -> None:
    """Have a copy made and tried, and after the worst day all of it brought back, by the lines of the guide."""
    for kind in asked_about():  # by the doctor
        machine.run("central", "retention", "set", kind, "60")
    _type(machine, "backup.md", "central backup --to")
    _type(machine, "backup.md", "install -d -m 0700 -o central")
    machine.run("mv", "/run/for-the-safe/backup.key", "/srv/backup.key")
    known = machine.run("central", "clerks", "--json")
    assert "salma" in known
    forget = ("psql", "--quiet", "central", "--command", "TRUNCATE clerks CASCADE")
    machine.run("runuser", "-u", "postgres", "--", *forget)
    assert "salma" not in machine.run("central", "clerks", "--json")
    settings = machine.run("cat", "/etc/central/central.env")
    another = "s#^CENTRAL_PUBLIC_URL=.*#CENTRAL_PUBLIC_URL=https://of-another-machine.example#"
    machine.run("sed", "-i", another, "/etc/central/central.env")
    machine.run("chmod", "0600", "/etc/central/release.gpg")
    _type(machine, "backup.md", "systemctl stop 'central@*'")
    assert machine.run("central", "clerks", "--json") == known
    assert machine.run("cat", "/etc/central/central.env") == settings, "the copy's settings are in force"
    assert machine.run("stat", "--format=%U %G %a", "/etc/central/central.env").split() == ["root", "central", "640"]
    assert machine.run("stat", "--format=%U %a", "/etc/central/release.gpg").split() == ["root", "644"]
    for folder in ("/etc/central", "/etc/central/tls"):
        assert machine.run("stat", "--format=%U %a", folder).split() == ["root", "755"]


def _build_all(folder: Path) -> None:
    """Build both programs in two versions, each into the repository of those before it."""
    build("hub", VERSION, folder / "hub")
    build("hub", NEXT, folder / "hub-next", also=folder / "hub")
    for package in (folder / "hub").glob("*.deb"):
        shutil.copy(package, folder / "hub-next")
    build("central", VERSION, folder / "central", also=folder / "hub-next")
    for package in (folder / "hub-next").glob("*.deb"):
        shutil.copy(package, folder / "central")
    build("central", NEXT, folder / "central-next", also=folder / "central")


def _type(machine: Machine, guide: str, begins: str, pinned: str | None = None, **words: str) -> str:
    """Type a block of a guide as it stands, but for the words in capitals that stand for something."""
    text = (DEPLOY / guide).read_text(encoding="utf-8")
    found = re.search(rf"(?m)(?:^    {re.escape(begins)}.*\n)(?:^    .*\n)*", text)
    assert found, f"{guide} has no such block: {begins}"
    block = "\n".join(line[4:] for line in found[0].splitlines())
    if pinned is not None:
        block = re.sub(r"(apt install .*?homs-\w+)", rf"\1={pinned}", block, count=1)
    for name, value in words.items():
        block = re.sub(rf"\b{name}\b", value, block)
    block = block.replace("apt install", "apt-get --quiet --yes install")
    return machine.run("sh", "-euc", f"cd /srv\n{block}")
