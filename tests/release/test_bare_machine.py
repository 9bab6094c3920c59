"""From a bare machine to the first number, to the next version and back, as the person who installs a kiosk does it."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from release.repository import write_repository
from release.signing import Signer
from release.source import epoch
from tests.kit.memory import on_disk
from tests.release.building import build, need_machines, run_module, small_package, spoil
from tests.release.machine import Machine
from tools.cluster.waiting import until

CENTRAL = Path(sys.executable).with_name("central")
DEPLOY = Path(__file__).parents[2] / "deploy"
FIRST, SECOND = "1.0.0", "1.1.0"
BAD = ("1.2.0", "1.3.0")  # their screens never come
URL = "http://127.0.0.1:8080"


@pytest.fixture(scope="module")
def built() -> Iterator[tuple[Path, Machine]]:
    """Build two versions, a stick with the first one, and a bare machine; return their folder and the machine."""
    need_machines()
    with on_disk("release") as folder:
        machine = Machine(folder / "machine")
        signer = Signer(folder / "demo-signing-key")
        keys = f"demo@localhost {_another_key(folder / 'demo-signing-key')}"
        with ThreadPoolExecutor(3) as side_by_side:
            made = side_by_side.submit(machine.make)
            first = side_by_side.submit(build, "kiosk", FIRST, folder / FIRST)
            second = side_by_side.submit(build, "kiosk", SECOND, folder / SECOND, KIOSK_TRUSTED_KEYS=keys)
            for one in (made, first, second):
                one.result()
        made_from = ("--packages", str(folder / FIRST), "--into", str(folder / "stick"))
        run_module("release.stick", *made_from, "--central", URL, "--trial")
        offered = list((folder / SECOND).glob("*.deb"))
        for bad in BAD:
            spoil(folder / SECOND, SECOND, bad, folder / bad)
            offered += (folder / bad).glob("*.deb")
        debian = machine.root / "media/debian"
        debian.mkdir(parents=True)
        small_package("kiosk-proof", "1", debian)
        offered.append(small_package("kiosk-proof", "2", debian))
        write_repository(offered, machine.root / "media/next", signer, epoch())
        no_screen = {
            "etc/systemd/system/kiosk.service.d/99-proof.conf": "[Service]\nExecStart=\nExecStart=/bin/false\n"
        }
        broken = small_package("kiosk-proof", "3", debian, no_screen)
        write_repository([broken], machine.root / "media/broken", signer, epoch())
        hasty = machine.root / "etc/systemd/system/kiosk-before.service.d/50-proof.conf"
        hasty.parent.mkdir(parents=True)
        hasty.write_text("[Service]\nEnvironment=BEFORE_PATIENCE_S=45 BEFORE_STEADY_S=3\n")
        yield folder, machine


@contextmanager
def _switched_on(machine: Machine) -> Iterator[None]:
    machine.boot()
    try:
        yield
    finally:
        machine.halt()


@pytest.mark.timeout(1500)
def test_from_a_bare_machine_to_a_number_and_to_the_next_version_and_back(built: tuple[Path, Machine]) -> None:
    folder, machine = built
    data, stick = folder / "central", folder / "stick"
    _refuses_a_changed_byte(machine, stick)
    began = time.monotonic()
    machine.install(stick)
    first_start = machine.root / "etc/systemd/system/multi-user.target.wants/kiosk-first-start.service"
    assert first_start.is_symlink()
    with _switched_on(machine), _central(machine, data):
        code = json.loads(_asked(data, "enrolment-code", "--centre", "homs-main"))["code"]
        _answer_the_first_start(machine, code)
        _gives_a_number(machine, data, 1)
        print(f"from a bare machine to the first number: {time.monotonic() - began:.0f} s")  # for the README's table

        _update(machine, SECOND)
        assert _in_service(machine) == (SECOND, SECOND)
        _gives_a_number(machine, data, 2)
        assert _trusted_keys(machine) == 2  # the version that the old key signed has brought the new one
        machine.run("kiosk-update", "--back")
        assert _in_service(machine) == (FIRST, FIRST)
        _gives_a_number(machine, data, 3)
        for bad in BAD:
            with pytest.raises(AssertionError, match=f"{bad} did not come up"):
                _update(machine, bad)
            assert _in_service(machine) == (FIRST, FIRST)
        source = "deb [signed-by=/etc/kiosk/release.gpg] file:/media/next stable main"
        (machine.root / "etc/apt/sources.list.d/kiosk.list").write_text(f"{source}\n")
        machine.run("apt-get", "--quiet", "update")
        machine.run("apt-get", "--quiet", "--yes", "upgrade")
        assert _in_service(machine) == (FIRST, BAD[-1])  # apt itself moves no version into service
        _update(machine, SECOND)
        assert _in_service(machine) == (SECOND, SECOND)
        machine.run("kiosk-update", "--back")
        _takes_what_debian_has_mended(machine)
    with _switched_on(machine):  # what was set up comes by itself, also without central
        until(lambda: machine.run("systemctl", "is-active", "kiosk").strip() == "active", "the start screen is there")
        assert _in_service(machine) == (FIRST, FIRST)
        until(lambda: not _is_judged(machine), "Debian's packages have shown themselves")
        assert "kiosk-proof" in machine.run("kiosk-update", "--debian", "--from", "/media/broken")
        assert _is_judged(machine)
    with _switched_on(machine):  # the screen never comes: it puts back what was before, and starts again
        until(lambda: machine.is_off, "it starts again by itself")
    with _switched_on(machine):
        until(lambda: _has_gone_back(machine), "all is as it was")
        assert not (machine.root / "etc/systemd/system/kiosk.service.d/99-proof.conf").exists()
        assert "kiosk-proof" not in machine.run("kiosk-update", "--debian", "--from", "/media/broken")
        machine.run("apt-get", "check")


@pytest.mark.timeout(1500)
def test_a_central_that_was_stopped_stays_stopped_and_one_that_is_silent_is_started_anew(
    built: tuple[Path, Machine],
) -> None:
    machine = built[1]
    units = machine.root / "etc/systemd/system"
    for name in ("central-watch@.service", "central-watch@.timer"):
        shutil.copy(DEPLOY / "systemd" / name, units)
    (units / "central@.service").write_text("[Service]\nExecStart=/usr/bin/sleep infinity\n")
    (machine.root / "usr/bin/curl").write_text("#!/bin/sh\nexit 28\n")  # nothing answered in time
    (machine.root / "usr/bin/curl").chmod(0o755)

    def look() -> str:
        machine.run("systemctl", "start", "central-watch@8081", check=False)
        return machine.run("systemctl", "show", "--property=InvocationID,ActiveState", "central@8081").strip()

    with _switched_on(machine):
        assert "ActiveState=inactive" in look()
        machine.run("systemctl", "start", "central@8081")
        before = machine.run("systemctl", "show", "--property=InvocationID", "central@8081").strip()
        until(lambda: "ActiveState=active" in (said := look()) and before not in said, "another process serves")
        machine.run("systemctl", "stop", "central@8081")
        assert "ActiveState=inactive" in look()
        (machine.root / "usr/bin/curl").unlink()


def _takes_what_debian_has_mended(machine: Machine) -> None:
    """A package of Debian's is newer in the signed repository: it is taken, and nothing of ours with it."""
    machine.run("dpkg", "--install", "/media/debian/kiosk-proof_1_all.deb")
    before = _in_service(machine)
    said = machine.run("kiosk-update", "--debian", "--from", "/media/next")
    assert "kiosk-proof" in said
    assert "systemctl reboot" in said
    assert machine.run("dpkg-query", "-W", "-f=${Version}", "kiosk-proof").strip() == "2"
    assert _in_service(machine) == before
    assert "kiosk-proof" not in machine.run("kiosk-update", "--debian", "--from", "/media/next")


def _is_judged(machine: Machine) -> bool:
    return (machine.root / "var/lib/kiosk-update/before").exists()


def _has_gone_back(machine: Machine) -> bool:
    serves = machine.run("systemctl", "is-active", "kiosk", check=False).strip() == "active"
    return serves and machine.run("dpkg-query", "-W", "-f=${Version}", "kiosk-proof").strip() == "2"


def _refuses_a_changed_byte(machine: Machine, stick: Path) -> None:
    """One byte changed on the stick, in the list of packages or in a package: nothing of ours is installed."""
    listed = stick / "repository/dists/stable/main/binary-amd64/Packages.xz"
    package = next((stick / "repository/pool").glob(f"homs-kiosk-{FIRST}_*.deb"))
    for path in (listed, package):
        with _changed(path), pytest.raises(AssertionError, match="Failed to fetch"):
            machine.install(stick)
        assert not (machine.root / "opt/kiosk").exists()


def _answer_the_first_start(machine: Machine, code: str) -> None:
    """Type what the machine's own screen asks for; its doctor then finds nothing wrong but the trial's key."""
    console = machine.console
    until(lambda: "Enrolment code: " in console.text, "it asks for the code")
    console.type(code[:6])
    until(lambda: console.text.count("Enrolment code: ") > 1, "it asks again")
    assert f'"{code[:6]}" is no enrolment code' in console.text
    console.type(code)
    until(lambda: "press Enter" in console.text, "it says the first PIN")
    assert "The first PIN of this kiosk, said this once: " in console.text
    console.type("")
    state = ("systemctl", "is-active", "kiosk-first-start")
    until(lambda: machine.run(*state, check=False).strip() == "inactive", "the doctor has looked")
    wrong = [line for line in console.text.splitlines() if line.startswith("PROBLEM")]
    assert [line.split(":")[0].split() for line in wrong] == [["PROBLEM", "signing", "key"]], console.text


@contextmanager
def _changed(path: Path) -> Iterator[None]:
    whole = path.read_bytes()
    middle = len(whole) // 2
    path.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    try:
        yield
    finally:
        path.write_bytes(whole)


def _gives_a_number(machine: Machine, data: Path, number: int) -> None:
    """Touch a service until the number is in central's books."""

    def arrived() -> bool:
        machine.touch(300, 700)
        kinds = [json.loads(line)["kind"] for line in _asked(data, "inbox").splitlines()]
        return kinds.count("ticket") >= number

    until(arrived, f"number {number} is at central")


def _another_key(home: Path) -> str:
    name = "next@localhost"
    words = ["gpg", "--batch", "--passphrase", "", "--quick-generate-key", name, "ed25519", "sign", "never"]
    subprocess.run(words, env={**os.environ, "GNUPGHOME": str(home)}, check=True, capture_output=True)
    return name


def _trusted_keys(machine: Machine) -> int:
    words = ["gpg", "--batch", "--show-keys", "--with-colons", str(machine.root / "etc/kiosk/release.gpg")]
    listed = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    return sum(line.startswith("pub:") for line in listed.splitlines())


def _update(machine: Machine, version: str) -> None:
    machine.run("kiosk-update", "--from", "/media/next", version)


def _in_service(machine: Machine) -> tuple[str, str]:
    """Return which version serves, and whose units and tools; apt must be content."""
    machine.run("apt-get", "check")
    tools = machine.run("dpkg-query", "-W", "-f=${Version}", "homs-kiosk").strip()
    return machine.run("kiosk", "--version").split()[-1], tools


@contextmanager
def _central(machine: Machine, data: Path) -> Iterator[None]:
    """Serve central on the machine's own loopback, the only network that it has."""
    with (data.with_suffix(".log")).open("wb") as log:
        command = machine.beside(CENTRAL, "serve", "--port", "8080", "--json", "--data", data)
        serving = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log)
        try:
            assert serving.stdout is not None
            assert json.loads(serving.stdout.readline())["url"]
            yield
        finally:
            serving.terminate()
            serving.wait(timeout=60)
            assert serving.stdout is not None
            serving.stdout.close()


def _asked(data: Path, *words: str) -> str:
    command = [str(CENTRAL), *words, "--json", "--data", str(data)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
