"""`make long claims`: the proofs of claims at their full length, ten times what `make proofs` tries."""

import os
import subprocess
import sys
from typing import Final

FULL: Final = {"CLAIM_ROUNDS": "1000", "CLAIM_KILLS": "300", "CLAIM_CODES": "1000000", "CLAIM_DAYS": "60"}
PROOFS: Final = "tests/central/claims", "tests/common/protocol/test_claim_code.py", "tests/hub/engine/promised"


def main() -> int:
    """Run them; return pytest's status."""
    command = [sys.executable, "-m", "pytest", "-n", "2", "--timeout=0", "-m", "proof", *PROOFS]
    return subprocess.run(command, env=os.environ | FULL, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
