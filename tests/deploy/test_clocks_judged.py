"""How far a clock is to be believed is answered in one place; everybody else asks it (`Stamp`)."""

import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PRODUCT: Final = ("central", "common", "demo", "devices", "features", "hub", "kiosk", "offline_store", "screens")
JUDGES: Final = {"common/machine/stamp.py", "common/machine/clock.py"}
COMPARED: Final = re.compile(r"(?<!for )\btrust (?:==|!=|in|not in) |\bclock (?:==|!=) \"untrusted\"")


def test_nobody_compares_by_himself_how_far_a_clock_is_trusted() -> None:
    found = {
        f"{path.relative_to(ROOT)}"
        for part in PRODUCT
        for path in (ROOT / part).rglob("*.py")
        if COMPARED.search(path.read_text(encoding="utf-8"))
    }
    assert found <= JUDGES
    assert found  # the pattern finds what it looks for
