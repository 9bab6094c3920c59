"""The SIM's PIN, which is never tried a third time: after three wrong ones the card asks for a code of its operator."""

import os
import re
from pathlib import Path
from typing import Final

_PIN: Final = re.compile(r"[0-9]{4,8}")  # 3GPP TS 31.101, 9.5.1
_MOST_TRIES: Final = 2
TRIES: Final = "modem-pin-tries"


class Pin:
    """A PIN in a file, and in `state_dir` a count of how often it was tried in vain, which outlives every restart."""

    def __init__(self, file: Path, state_dir: Path) -> None:
        self._file = file
        self._tries = state_dir / TRIES

    def take(self) -> str | None:
        """Return the PIN for one try, which is counted before it is made; None where none may be made any more.

        Raises:
            ValueError: the file cannot be read, or holds no PIN.
            OSError: the count cannot be kept.
        """
        tries = self._count()
        if tries >= _MOST_TRIES:
            return None
        try:
            pin = self._file.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ValueError(f"{self._file}: the PIN cannot be read ({type(error).__name__})") from error
        if not _PIN.fullmatch(pin):
            raise ValueError(f"{self._file}: a PIN is 4 to 8 digits")
        self._keep(tries + 1)
        return pin

    def was_right(self) -> None:
        """Forget the tries: the card is open, so it counts from zero as well."""
        self._tries.unlink(missing_ok=True)

    def _count(self) -> int:
        try:
            written = self._tries.read_bytes()[:4]
        except FileNotFoundError:
            return 0
        return int(written) if written.isdigit() else _MOST_TRIES  # damaged: as if they were used up

    def _keep(self, tries: int) -> None:
        with self._tries.open("wb") as file:
            file.write(str(tries).encode())
            file.flush()
            os.fsync(file.fileno())
        folder = os.open(self._tries.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
