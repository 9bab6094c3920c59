"""A kiosk's firewall between two machines of network namespaces: nobody is let in, but to the hub that stands on it."""

import subprocess
import sys
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[3] / "deploy"
_TWO_MACHINES = """
import os, socket, subprocess, sys
def run(*words):
    subprocess.run(words, check=True)
run("ip", "link", "add", "here", "type", "veth", "peer", "name", "there")
told, tell = os.pipe()
gone, go = os.pipe()
office = os.fork()
if office == 0:
    os.unshare(os.CLONE_NEWNET)
    os.write(tell, b"x")
    os.read(gone, 1)
    for address in (sys.argv[2], sys.argv[3]):
        run("ip", "addr", "add", address, "dev", "there")
    run("ip", "link", "set", "there", "up")
    run("ip", "route", "add", "default", "dev", "there")
    for source in (sys.argv[2], sys.argv[3]):
        for port in (8090, 22):
            line = socket.socket()
            line.settimeout(3)
            line.bind((source.split("/")[0], 0))
            try:
                line.connect(("10.9.0.1", port))
                print("in", flush=True)
            except TimeoutError:
                print("out", flush=True)
    held = []
    try:
        while len(held) < 200:
            held.append(socket.create_connection(("10.9.0.1", 8090), 3, (sys.argv[2].split("/")[0], 0)))
    except OSError:
        pass
    print(len(held), flush=True)
    os._exit(0)
os.read(told, 1)
run("ip", "link", "set", "there", "netns", str(office))
run("ip", "addr", "add", "10.9.0.1/24", "dev", "here")
run("ip", "link", "set", "here", "up")
run("ip", "route", "add", "default", "dev", "here")
run("/usr/sbin/nft", "--file", sys.argv[1])
servers = [socket.create_server(("0.0.0.0", port)) for port in (8090, 22)]
os.write(go, b"x")
sys.exit(os.waitstatus_to_exitcode(os.waitpid(office, 0)[1]))
"""


@pytest.mark.proof
@pytest.mark.parametrize("has_hub", [True, False])
def test_the_offices_reach_a_hub_on_a_closed_kiosk_and_nothing_else(tmp_path: Path, has_hub: bool) -> None:
    rules = (DEPLOY / "hardening/nftables/kiosk.nft").read_text(encoding="utf-8")
    (tmp_path / "kiosk.nft").write_text(rules.replace("/usr/lib/homs-kiosk/nftables.d", str(tmp_path / "d")))
    (tmp_path / "d").mkdir()
    if has_hub:
        (tmp_path / "d/hub.nft").write_text((DEPLOY / "nftables/hub.nft").read_text(encoding="utf-8"))
    alone = ["unshare", "--map-root-user", "--net", sys.executable, "-c", _TWO_MACHINES, str(tmp_path / "kiosk.nft")]
    done = subprocess.run([*alone, "10.9.0.2/24", "203.0.113.5/32"], capture_output=True, text=True, check=False)
    assert done.stdout.split()[:4] == ["in" if has_hub else "out", "out", "out", "out"], done.stderr
    assert int(done.stdout.split()[4]) in ((63, 64, 65) if has_hub else (0,)), (
        "of one address no more than the hub takes"
    )


def test_the_hubs_package_brings_its_line_to_where_the_firewall_reads_it() -> None:
    rules = (DEPLOY / "hardening/nftables/kiosk.nft").read_text(encoding="utf-8")
    assert rules.rstrip().endswith('include "/usr/lib/homs-kiosk/nftables.d/*.nft"')
    assert "deploy/nftables/hub.nft       /usr/lib/homs-kiosk/nftables.d/" in (
        DEPLOY / "packages/hub/install"
    ).read_text(encoding="utf-8")
