"""The SIM's PIN, which is never what locks the card: after three wrong ones it asks for a code of its operator."""

import os
import re
from pathlib import Path
from typing import Final, NamedTuple

_PIN: Final = re.compile(r"[0-9]{4,8}")  # 3GPP TS 31.101, 9.5.1
_MOST_TRIES: Final = 2
_FEWEST_LEFT: Final = 2
"""The last try is a person's, who can read the card's papers."""
TRIES: Final = "modem-pin-tries"
_KEPT: Final = re.compile(r"([0-9])(?: refused ([0-9:]{1,80}))?")
_LONGEST: Final = 100


class _Tries(NamedTuple):
    """How often a PIN was tried and the card has not opened; `refused` marks the file whose PIN the card refused."""

    tried: int
    refused: str = ""
    is_damaged: bool = False


class Pin:
    """A PIN in a file, and in `state_dir` what came of trying it, which outlives every restart."""

    def __init__(self, file: Path, state_dir: Path) -> None:
        self._file = file
        self._tries = state_dir / TRIES

    @property
    def is_refused(self) -> bool:
        """Whether the card has refused the PIN as it stands in the file."""
        refused = self._read().refused
        return bool(refused) and refused == self._mark()

    def take(self, left: int | None) -> str | None:
        """Return the PIN for one try, which is counted before it is made; None where none may be made.

        Args:
            left: how many tries the card says that it has left, None where it does not say.

        Raises:
            ValueError: the file cannot be read, or holds no PIN.
            OSError: the count cannot be kept.
        """
        before = self._read()
        is_spent = before.tried >= _MOST_TRIES if left is None else left < _FEWEST_LEFT
        if before.is_damaged or is_spent or self.is_refused:
            return None
        try:
            pin = self._file.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ValueError(f"{self._file}: the PIN cannot be read ({type(error).__name__})") from error
        if not _PIN.fullmatch(pin):
            raise ValueError(f"{self._file}: a PIN is 4 to 8 digits")
        self._keep(_Tries(min(before.tried + 1, 9), before.refused))
        return pin

    def was_refused(self) -> None:
        """Note that the card has said no: what stands in the file now is tried no more. Raises OSError."""
        self._keep(_Tries(self._read().tried, self._mark()))

    def was_right(self) -> None:
        """Forget the tries: the card is open, so it counts from zero as well."""
        self._tries.unlink(missing_ok=True)

    def _mark(self) -> str:
        """Return what changes with the file; a digest of four digits would tell them."""
        try:
            stat = self._file.stat()
        except OSError:
            return ""
        return f"{stat.st_mtime_ns}:{stat.st_size}:{stat.st_ino}"

    def _read(self) -> _Tries:
        try:
            written = self._tries.read_bytes()[:_LONGEST].decode("ascii", "replace")
        except FileNotFoundError:
            return _Tries(0)
        found = _KEPT.fullmatch(written)
        return _Tries(_MOST_TRIES, is_damaged=True) if found is None else _Tries(int(found[1]), found[2] or "")

    def _keep(self, tries: _Tries) -> None:
        text = f"{tries.tried} refused {tries.refused}" if tries.refused else str(tries.tried)
        with self._tries.open("wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        folder = os.open(self._tries.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
