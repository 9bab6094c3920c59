"""`python -m release.renew`: sign a repository's list again, each month, so that kiosks go on believing it."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from release.errors import BuildFailed
from release.repository import VALID_FOR, renew
from release.signing import SETTING, Signer
from release.source import ROOT


def main() -> int:
    """Sign it; return the exit status."""
    words = argparse.ArgumentParser(prog="release.renew", description=__doc__)
    words.add_argument("repository", type=Path, nargs="?", default=ROOT / "build/packages/repository")
    folder: Path = words.parse_args().repository.absolute()
    now = datetime.now(UTC)
    try:
        signer = Signer(folder.parent.parent / "demo-signing-key")
        renew(folder, signer, now)
    except BuildFailed as failed:
        print(failed, file=sys.stderr)
        return 1
    if signer.is_demo:
        print(f"signed with a key made for trials; {SETTING}=FINGERPRINT signs with a real one")
    print(f"{folder}: believed until {now + VALID_FOR:%Y-%m-%d}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
