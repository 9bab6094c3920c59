"""What the pictures looked like when somebody last found them good: a hash of each, and what drew it.

Another renderer, Pillow, Kivy or font draws other pixels without being wrong, so hashes are compared only where all
four are those that made the record. What a screen must satisfy anywhere is in `tests.screens.pictures.test_panels` and
`test_audits`.
"""

import hashlib
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from PIL import Image

from screens.look.text import font_path

FILE = Path(__file__).with_name("record.txt")
_HEX_DIGITS = 16


@dataclass(frozen=True)
class Record:
    """Hashes by picture (`ar/start.png`), and a line that names what drew them."""

    made_by: str
    hashes: dict[str, str]

    def changed(self, drawn: "Record") -> list[str] | None:
        """Return the pictures that look otherwise than here; None where these can't be compared."""
        if drawn.made_by != self.made_by:
            return None
        return sorted(name for name, found in drawn.hashes.items() if self.hashes.get(name, found) != found)

    def with_drawn(self, drawn: "Record") -> "Record":
        """Return this with what has been drawn again; by other means drawn, it begins again."""
        return Record(drawn.made_by, {**self.hashes, **drawn.hashes}) if self.made_by == drawn.made_by else drawn

    def write(self, file: Path = FILE) -> None:
        """Write the record, a picture a line."""
        lines = [self.made_by, *(f"{self.hashes[name]} {name}" for name in sorted(self.hashes))]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def read(file: Path = FILE) -> Record:
    """Read the record; one with nothing in it where nobody has made one."""
    if not file.exists():
        return Record("", {})
    made_by, *lines = file.read_text(encoding="utf-8").splitlines()
    return Record(made_by, {name: found for found, name in (line.split(" ", 1) for line in lines)})


def fingerprint(picture: Image.Image) -> str:
    """Return a hash of size and pixels."""
    head = f"{picture.mode} {picture.size}".encode()
    return hashlib.sha256(head + picture.tobytes()).hexdigest()[:_HEX_DIGITS]


def made_here() -> str:
    """Name renderer, Kivy, Pillow and font of this process; a window must be open."""
    from kivy.graphics.opengl import GL_RENDERER, GL_VERSION, glGetString

    renderer = " ".join(glGetString(name).decode() for name in (GL_RENDERER, GL_VERSION))
    font = hashlib.sha256(b"".join(Path(font_path(weight)).read_bytes() for weight in ("regular", "semibold", "bold")))
    return f"{renderer}; kivy {version('kivy')}; pillow {version('pillow')}; font {font.hexdigest()[:_HEX_DIGITS]}"
