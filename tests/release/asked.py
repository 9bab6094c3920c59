"""The programs that a build asks, and a signer: they do nothing, and keep what they were asked."""

from collections.abc import Callable, Mapping
from pathlib import Path

from release.signing import Signer


class Asked:
    """The programs that were asked; `says` answers by words that a command has."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.extra: list[Mapping[str, str] | None] = []
        self.says: dict[str, str | Callable[[list[str]], str]] = {}

    def run(self, command: list[str], *, folder: Path | None = None, extra: Mapping[str, str] | None = None) -> str:
        self.lines.append(" ".join(command) + (f" in {folder}" if folder else ""))
        self.extra.append(extra)
        said = next((said for known, said in self.says.items() if known in self.lines[-1]), "")
        return said if isinstance(said, str) else said(command)


class Signs(Signer):
    """Signs nothing, and keeps what it was asked to."""

    def __init__(self, *, is_demo: bool = False) -> None:
        self.is_demo = is_demo
        self.signed: list[Path] = []

    def sign(self, release: Path) -> None:
        self.signed.append(release)

    def public_key(self, target: Path) -> None:
        target.write_text("key")
