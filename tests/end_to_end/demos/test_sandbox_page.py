"""The page for the app's makers, followed to the letter: each command of docs/sandbox.md, in their order."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.end_to_end.conftest import BIN
from tests.hub.commands.processes import free_port

pytestmark = [pytest.mark.proof, pytest.mark.timeout(300)]
PAGE = Path("docs/sandbox.md")


def test_a_stranger_comes_from_nothing_to_a_claim_that_a_kiosk_takes(tmp_path: Path) -> None:
    commands = "\n".join(re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL))
    assert commands.count("8089") > 5
    script = tmp_path / "page.sh"
    script.write_text("set -e\n" + commands.replace("8089", str(free_port())))
    path = os.pathsep.join((str(BIN), os.environ["PATH"]))
    done = subprocess.run(
        ["bash", script], cwd=tmp_path, env=os.environ | {"PATH": path}, capture_output=True, text=True, timeout=240,
        check=False,
    )  # fmt: skip
    made = tmp_path / "build" / "try"
    assert done.returncode == 0, done.stderr[-2000:] + (made / "central.log").read_text()[-2000:]
    claim, ticket = (json.loads((made / name).read_text()) for name in ("claim.json", "ticket.json"))
    assert ticket["claim"] == {"kind": "booked", "id": claim["claim"], "outcome": "in-time"}
    states = {one["claim"]: one["state"] for one in map(json.loads, (made / "claims.json").read_text().splitlines())}
    assert states == {claim["claim"]: "arrived", json.loads((made / "second.json").read_text())["claim"]: "missed"}
