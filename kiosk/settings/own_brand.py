"""The brand that the settings name: checked as far as a kiosk uses it, and in force from then on."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from common.city.brand.brand import Brand, BrandError, load_brand, use
from common.machine.errors import ConfigError
from common.machine.settings_advice import line_of


def use_brand(path: Path, text: str, raw: Mapping[str, Any], languages: Sequence[str]) -> None:
    """Put in force what the settings name, before they are checked: their first language may be the brand's.

    Args:
        path: the settings file.
        text: its content.
        raw: the same, parsed.
        languages: those that a kiosk speaks.

    Raises:
        ConfigError: the brand can't be used.
    """
    section = raw.get("kiosk")
    name = section.get("brand") if isinstance(section, dict) else None
    if not isinstance(name, str) or "\0" in name:  # none, or refused with the other settings
        return
    try:
        found = load_brand((path.parent / name).resolve())
        _check_languages(found, languages)
        _check_pictures(found)
    except BrandError as error:
        raise ConfigError(f"{path}, line {line_of(text, ['kiosk', 'brand'])}: kiosk.brand: {error}") from error
    use(found)


def _check_languages(found: Brand, languages: Sequence[str]) -> None:
    if unknown := [code for code in found.languages if code not in languages]:
        raise BrandError(f"languages has {unknown[0]!r}; right would be of {', '.join(languages)}")


def _check_pictures(found: Brand) -> None:
    """Refuse a picture that can't be drawn: it stands on every paper, and on the first screen."""
    for name in ("emblem", "ornament"):
        png = found.picture(name)
        if png is None:
            continue
        from PIL import Image

        try:
            with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
                image.verify()  # of a part, drawing alone says nothing where another library has told Pillow so
            with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
                least, most = image.convert("RGBA").getchannel("A").getextrema()
        except (OSError, SyntaxError, ValueError) as error:
            raise BrandError(f"{name} can't be drawn ({type(error).__name__}); right would be a whole PNG") from error
        if least == most:
            raise BrandError(f"{name} is opaque all over, or nowhere; right would be ink on transparent ground")
