"""PostgreSQL's next major version as deploy/backup.md has it typed, from Debian's to the one that the suite runs on."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit.postgres import packaged

ROOT = Path(__file__).parents[3]
OLD = "17"
LIVED = f"{sys.executable} -m tests.central.backup.lived_in"
# What apt and systemd do on a machine: apt makes the new version's empty cluster, systemd stops and starts central.
BY_THE_MACHINE = {
    "apt install postgresql-NEW": "pg_createcluster NEW main --start",
    "systemctl": "",
    "central doctor": "",
}
# A machine's folders of PostgreSQL and its addresses, for this test's processes alone.
SPACE = """
set -eu
chmod 0755 "$T"; mkdir -p "$T"/lib/OLD "$T"/etc "$T"/var "$T"/log "$T"/run/postgresql
ln -s "$PROGRAMS" "$T/lib/NEW"
mount --bind /usr/lib/postgresql/OLD "$T/lib/OLD"; mount --rbind "$T/lib" /usr/lib/postgresql
mkdir -p /var/lib/postgresql /var/log/postgresql /etc/postgresql
mount --bind "$T/etc" /etc/postgresql; mount --bind "$T/var" /var/lib/postgresql
mount --bind "$T/log" /var/log/postgresql; mount --bind "$T/run" /run
chown postgres "$T/etc" "$T/var" "$T/run/postgresql"; chown root:postgres "$T/log"; chmod 1775 "$T/log"
ip link set lo up
pg_createcluster OLD main --start
runuser -u postgres -- createuser --createdb central; runuser -u postgres -- createdb -O central central
runuser -u postgres -- psql -qc "ALTER ROLE central PASSWORD 'x'"
"""


def _documented() -> list[str]:
    text = (ROOT / "deploy/backup.md").read_text(encoding="utf-8")
    section = text.split("## PostgreSQL's next major version\n", 1)[1].split("\n## ", 1)[0]
    return [line.split("#")[0].strip() for line in re.findall(r"^    (.+)$", section, re.MULTILINE)]


def _here(line: str) -> str:
    stands_in = next((other for start, other in BY_THE_MACHINE.items() if line.startswith(start)), line)
    # The new version's packages are not Debian's here, which pg_upgradecluster would miss.
    return stands_in.replace("pg_upgradecluster", "pg_upgradecluster --force-packages").replace("/var/backups", "$T")


@pytest.mark.proof
@pytest.mark.timeout(300)
def test_what_central_has_is_the_same_after_the_lines_of_the_page_and_it_lives_on(tmp_path: Path) -> None:
    if os.geteuid() != 0 or shutil.which("pg_upgradecluster") is None:
        pytest.fail(
            "Debian's PostgreSQL and its tools are needed, and root: deploy/cluster/install-packages --for-tests"
        )
    programs, new = packaged(tmp_path)
    lines = [_here(line) for line in _documented()]
    upgrade = next(at for at, line in enumerate(lines) if "pg_upgradecluster" in line)
    script = [SPACE, f"{LIVED} live", *lines[:upgrade], f"{LIVED} held >$T/before", lines[upgrade]]
    script += [f"{LIVED} held >$T/after", *lines[upgrade + 1 :], f"{LIVED} live", "pg_lsclusters -h >$T/clusters"]
    surroundings = os.environ | {
        "T": str(tmp_path), "PROGRAMS": str(programs.parent), "CENTRAL_DATA": str(tmp_path / "data"),
        "CENTRAL_DATABASE": "postgresql://central:x@127.0.0.1:5432/central",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }  # fmt: skip
    typed = "\n".join(script).replace("OLD", OLD).replace("NEW", new)
    alone = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc", "bash", "-c", typed]
    done = subprocess.run(alone, env=surroundings, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    before, after = (json.loads((tmp_path / name).read_text()) for name in ("before", "after"))
    assert before["inbox"].startswith("1 ")
    assert after == before
    assert (tmp_path / "clusters").read_text().split()[:3] == [new, "main", "5432"]
