"""What a person would be asked, answered beforehand: `kiosk setup --answers FILE`."""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from common.machine.errors import PlainError
from common.machine.plain_words import in_words

_MOST_BYTES = 64_000
_Port = Annotated[str, Meta(min_length=1, max_length=200)]


class Answers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All may be left out: what is left out is found, or asked for where somebody is there to answer."""

    central: Annotated[str, Meta(max_length=300)] | None = None
    """Central's address."""
    code: Annotated[str, Meta(max_length=64)] | None = None
    """The enrolment code."""
    ca_file: Annotated[str, Meta(max_length=300)] | None = None
    """Central's CA as PEM."""
    ports: Annotated[list[_Port], Meta(max_length=32)] | None = None
    """The serial ports to look at; by default all that this machine has."""
    scanner: _Port | None = None
    """The port of the code scanner, which says nothing of itself."""
    diagonal_in: Annotated[float, Meta(ge=5, le=100)] | None = None
    orientation: Literal["portrait", "landscape"] | None = None
    test_page: bool = True


def read_answers(path: Path) -> Answers:
    """Read a file of answers. Raises PlainError where it isn't there, or says something that is no answer."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise PlainError(f"{path} is too long for a file of answers")
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Answers)
    except OSError as error:
        raise PlainError(f"{path}: {error.strerror}") from error
    except msgspec.ValidationError as error:
        raise PlainError(f"{path}: {in_words(error)}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PlainError(f"{path}: {error}") from error
