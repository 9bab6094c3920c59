"""A machine whose programs say what a test has written down, and which keeps what they were asked."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from updater.site import Site


class Scripted:
    """A site; `answers` are pairs of words that a command has and what it says: text, or status and text."""

    def __init__(self, root: Path, name: str = "kiosk", **fields: Any) -> None:
        for folder in ("opt/releases", "state", "var", "etc"):
            (root / folder).mkdir(parents=True, exist_ok=True)
        (root / "etc/release.gpg").write_text("key")
        self.root = root
        self.asked: list[tuple[str, ...]] = []
        self.answers: list[tuple[str, str | tuple[int, str]]] = []
        places = root / "opt", root / "state", root / "var", root / "etc"
        self.site = Site(*places, user=name, name=name, path=str(root / "bin"), **fields)
        for method in ("run", "run_as_user"):
            object.__setattr__(self.site, method, self.run)

    def run(self, *words: str, **_given: object) -> Any:
        self.asked.append(words)
        line = " ".join(words)
        said = next((said for known, said in self.answers if known in line), "")
        status, text = said if isinstance(said, tuple) else (0, said)
        out, err = ("", text) if status else (text, "")
        return SimpleNamespace(stdout=out, stderr=err, returncode=status)

    def lines(self) -> list[str]:
        """What was asked since the last time, without where apt's settings lie."""
        found = [" ".join(words).replace(f" -c {self.root}/state/apt/apt.conf", "") for words in self.asked]
        self.asked.clear()
        return found
