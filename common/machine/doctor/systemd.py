"""What systemd says of its units."""

import shutil
import subprocess


def ask_systemctl(*words: str) -> str:
    """Return what systemctl says; empty where there is none or it doesn't answer."""
    program = shutil.which("systemctl")
    if program is None:
        return ""
    try:
        done = subprocess.run([program, *words], capture_output=True, text=True, timeout=5, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip()
