"""The file that `CENTRAL_PAYMENTS` names: which pound, by whom can be paid, and whose bills."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, Struct

from common.machine.doctor.secret_file import fault_of
from common.machine.errors import ConfigError
from common.machine.settings_advice import explain
from common.protocol.payments.setup import Pound

Section = Annotated[dict[str, Any], Meta(description='a table with kind = "…"')]


class PaymentsSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """All of it. What stands in a section is its adapter's to read.

    `folder` is the file's own, which the names of files in it start from.
    """

    pound: Annotated[Pound | None, Meta(description='"new" or "old"')] = None
    payers: Annotated[dict[str, Section], Meta(max_length=20)] = {}
    billers: Annotated[dict[str, Section], Meta(max_length=50)] = {}
    folder: str = ""

    @property
    def why_not(self) -> str | None:
        """Why no payment can start, in a sentence for who runs central; None where nothing is in the way."""
        if self.pound is None:
            return 'the payments file says no pound; right would be pound = "new" or pound = "old" in its first lines'
        for name, files in self._secrets():
            for path in files:
                if (fault := fault_of(path)) is not None:
                    return f"[{name}]: {fault}"
        return None

    def _secrets(self) -> list[tuple[str, list[Path]]]:
        named = [(f"payers.{name}", one) for name, one in self.payers.items()]
        named += [(f"billers.{name}", one) for name, one in self.billers.items()]
        folder = Path(self.folder)
        return [
            (name, [folder / str(value) for key, value in one.items() if key.endswith("_file")]) for name, one in named
        ]


def load(path: Path) -> PaymentsSettings:
    """Read the file. Raises ConfigError naming the line, what was found and what would be right."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        raw = tomllib.loads(text)
        found = msgspec.convert(raw, PaymentsSettings)
    except OSError as error:
        raise ConfigError(f"{path}: can't be read: {error.strerror}") from error
    except msgspec.ValidationError as error:
        raise ConfigError(explain(PaymentsSettings, path, text, raw, str(error))) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error
    for side in ("payers", "billers"):
        for name, section in getattr(found, side).items():
            if not _NAME.fullmatch(name):
                raise ConfigError(f"{path}: [{side}.{name[:40]}]: a name has small Latin letters, digits, - and _")
            if not isinstance(section.get("kind"), str):
                raise ConfigError(
                    f'{path}: [{side}.{name}] says no kind; right would be such as kind = "{_KIND[side]}"'
                )
    return msgspec.structs.replace(found, folder=str(path.resolve().parent))


_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")  # as common.protocol.field.Word
_KIND: Final[Mapping[str, str]] = {"payers": "shamcash", "billers": "http"}


def secret(path: Path) -> str:
    """Read a secret: printable ASCII in a file that nobody else may read. Raises ConfigError without it."""
    if (fault := fault_of(path)) is not None:
        raise ConfigError(fault)
    try:
        text = path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} can't be read") from error
    if not text or not text.isprintable():
        raise ConfigError(f"{path} holds no secret")
    return text
