"""Every line of the guides that is to be typed is typed on a bare machine by a proof, or it is said why it isn't."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
GUIDES = ("install.md", "install-hub.md", "backup.md")
PROOF = (ROOT / "tests/release/test_central_and_hub.py").read_text(encoding="utf-8")
# How a block begins, and why no proof types it.
NOT_TYPED = {
    "export KIOSK_SIGNING_KEY": "makes the packages, as the proofs do",
    "install -D -m 0644 /mnt/repository/homs-kiosk.gpg": "done by the stick, which test_bare_machine installs from",
    "apt install --no-install-recommends nut-server": "wants a UPS",
    "kiosk-setup": "typed at the first start of test_bare_machine",
    "[kiosk]": "settings: test_documents reads them",
    "python3 -m zipfile": "a driver of somebody else's",
    "kiosk-harden": "tests/deploy/machines/test_harden.py runs it",
    "apt install --no-install-recommends homs-board": "wants a screen: tests/hub/pages/board/test_board_screen.py",
    "apt install postgresql-NEW": "is in no release of Debian yet",
}


def blocks() -> list[tuple[str, str]]:
    """Return each block that is to be typed: its guide and how it begins."""
    found = []
    for guide in GUIDES:
        text = (ROOT / "deploy" / guide).read_text(encoding="utf-8")
        found += [(guide, block[4:]) for block in re.findall(r"(?m)(?:^    \S.*\n)(?:^    .*\n)*", text)]
    return found


def test_every_block_is_typed_or_it_is_said_why_not() -> None:
    typed = re.findall(r'_type\(\s*machine,\s*"(\S+\.md)",\s*"([^"]+)"', PROOF)
    assert len(typed) >= 10
    untyped = [
        block.splitlines()[0]
        for guide, block in blocks()
        if not any(guide == its and block.startswith(begins) for its, begins in typed)
    ]
    assert [line for line in untyped if not line.startswith(tuple(NOT_TYPED))] == []
    assert [begins for begins in NOT_TYPED if not any(line.startswith(begins) for line in untyped)] == []
