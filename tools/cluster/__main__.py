"""`python -m tools.cluster`: a line a step, and `N passed` at the end; as root, for it makes network namespaces."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from tools.cluster.cluster import NAMES, Cluster, CommandFailed, network
from tools.cluster.scenario import Scenario, Step

INSIDE: Final = "--inside"
PROGRAMS: Final = ("etcd", "patroni", "haproxy", "keepalived", "central")
NEEDED: Final = (
    "ip",
    "etcd",
    "patroni",
    "haproxy",
    "keepalived",
    "pgbackrest",
    "setpriv",
    "/usr/lib/postgresql/17/bin/postgres",
)


def main() -> None:
    """Run the scenario; ends with status 1 where a step failed, or where it can't be run at all."""
    if sys.argv[1:2] == [INSIDE]:
        _inside(Path(sys.argv[2]), sys.argv[3])
        return
    if os.geteuid() != 0:
        sys.exit("the cluster's test makes network namespaces: run it as root")
    if missing := [program for program in NEEDED if shutil.which(program) is None]:
        sys.exit(f"{', '.join(missing)}: not installed; run deploy/cluster/install-packages --for-tests")
    prefix = f"kc{os.getpid()}"
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped before it was done"))  # and nothing is left behind
    try:
        with tempfile.TemporaryDirectory(prefix="cluster-") as name, network(prefix) as namespaces:
            Path(name).chmod(0o755)
            command = [sys.executable, "-m", "tools.cluster", INSIDE, name, prefix]
            # In the network of the machines, as a kiosk is.
            done = subprocess.run(["ip", "netns", "exec", namespaces["here"], *command], check=False)
            status = done.returncode
    except CommandFailed as error:
        sys.exit(f"this machine lets nobody make network namespaces, without which no cluster can be tested: {error}")
    sys.exit(status)


def _inside(folder: Path, prefix: str) -> None:
    cluster = Cluster(folder, {name: f"{prefix}-{name}" for name in NAMES})
    cluster.configure()
    scenario, passed = Scenario(cluster), 0
    try:
        passed += _take(scenario.before_load())
        with scenario.load.running():
            passed += _take(scenario.under_load())
        silences = ", ".join(f"{kiosk.longest_silence_s:.0f}" for kiosk in scenario.load.kiosks)
        print(f"longest silence of each kiosk, s: {silences}", flush=True)
        passed += _take(scenario.after_load())
    except Exception as error:  # noqa: BLE001 - the run's edge: say which step it was, and what the machines said
        print(f"FAILED: {type(error).__name__}: {error}\n{_last_words(cluster)}", file=sys.stderr, flush=True)
        print(f"{passed} passed, 1 failed", flush=True)
        sys.exit(1)
    print(f"{passed} passed", flush=True)


def _take(steps: Iterable[Step]) -> int:
    taken = 0
    for text, step in steps:
        began = time.monotonic()
        print(f"... {text}", flush=True)
        step()
        print(f"ok  {text} ({time.monotonic() - began:.0f} s)", flush=True)
        taken += 1
    return taken


def _last_words(cluster: Cluster) -> str:
    return "\n".join(
        f"--- {machine.name} {program}\n{machine.log_of(program)}"
        for machine in cluster.machines
        for program in PROGRAMS
        if (machine.root / f"{program}.log").exists()
    )


if __name__ == "__main__":
    main()
