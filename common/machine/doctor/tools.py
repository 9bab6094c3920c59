"""Whether units and tools are of the version that serves: apt may have taken others, or a version was refused."""

import re
from collections.abc import Iterator
from pathlib import Path

from common.machine.doctor.finding import Finding, warning


def check_tools(name: str, root: Path) -> Iterator[Finding]:
    """Name the tools of another version; nothing is said where they fit, or where it can't be read.

    Args:
        name: `kiosk`, `hub` or `central`.
        root: where the machine's files are.
    """
    try:
        serving = (root / "opt" / name / "current").readlink().name
        status = (root / "var/lib/dpkg/status").read_text(encoding="utf-8", errors="replace")
        is_on_trial = (root / f"var/lib/{name}-update/trial").exists()  # tools follow once it is taken
    except OSError:
        return
    found = re.search(rf"^Package: homs-{name}\n(?:.+\n)*?Version: (.+)$", status, re.MULTILINE)
    if found is not None and found[1] != serving and not is_on_trial:
        todo = f"apt-get install --allow-downgrades homs-{name}={serving}; where it is not offered: {name}-update"
        yield warning("tools", f"units and updater are of {found[1]}, and {serving} serves", todo)
