"""What differs between printer models, as data: python-escpos' published capabilities, corrected by our TOML files.

A technician adds a model by writing one more TOML file and naming its path as the profile; no code. What is probed at
the printer itself (fence, key lists) replaces what is published.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from devices.errors import ProfileError

type Cutter = Literal["full", "partial", "none"]
type Fence = Literal["probe", "process-id", "paper-status"]

type _Dots = Annotated[int, Meta(ge=1, le=255)]
type _Seconds = Annotated[float, Meta(ge=0, le=60)]

# What of a paper's width a printer's head reaches (Epson TM-T20III technical reference, printing area: 72 and 48 mm).
_PRINTABLE_MM = {80: 72.2, 58: 48.1}


class Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One model.

    Lengths in dots unless named otherwise; `font_a` is the width and height of a native character cell, `digit_rows`
    how much of it a digit's ink covers; `base` is the profile of python-escpos to begin with; `margins` says that GS L
    is obeyed, else everything is centred by ESC a.
    """

    name: str
    base: str = ""
    width_dots: int = 576
    dpi: int = 203
    native_qr: bool = True
    native_text: bool = True
    nv_graphics: bool = False
    ram_graphics: bool = False
    smoothing: bool = False
    margins: bool = True
    cutter: Cutter = "partial"
    fence: Fence = "probe"
    font_a: tuple[_Dots, _Dots] = (12, 24)
    digit_rows: _Dots = 15
    max_scale: Annotated[int, Meta(ge=1, le=8)] = 8
    tear_off_mm: Annotated[float, Meta(ge=0, le=100)] = 15.0
    raster_rows: int = 128
    mechanical_s: _Seconds = 5.0
    nv_write_s: _Seconds = 1.0
    automatic_status: bool = True
    can_cancel: bool = True

    def __post_init__(self) -> None:
        if not (128 <= self.width_dots <= 2048 and self.width_dots % 8 == 0):
            raise ValueError(f"width_dots is {self.width_dots}, but must be a multiple of 8 from 128 to 2048")
        if not 100 <= self.dpi <= 255:
            raise ValueError(f"dpi is {self.dpi}, but must be from 100 to 255: GS P takes no finer unit of motion")
        if self.digit_rows > self.font_a[1]:
            raise ValueError(f"digit_rows is {self.digit_rows}, but font_a has {self.font_a[1]} rows")
        if not 8 <= self.raster_rows <= 255:
            raise ValueError(f"raster_rows is {self.raster_rows}, but must be from 8 to 255")

    def keeps(self, *, lasting: bool) -> bool:
        """Return whether it keeps graphics under keys: in flash (`lasting`) or in RAM."""
        return self.nv_graphics if lasting else self.ram_graphics

    def as_pictures(self) -> "Profile":
        """Return the profile with letters, codes and signs sent as pictures: what any printer of the kind can print."""
        drawn = {"native_qr": False, "native_text": False, "nv_graphics": False, "ram_graphics": False}
        return msgspec.structs.replace(self, **drawn)

    def dots(self, millimetres: float) -> int:
        """Return a length in dots, at least one for anything longer than nothing."""
        return max(1, round(millimetres * self.dpi / 25.4)) if millimetres > 0 else 0

    def millimetres(self, dots: float) -> float:
        """Return a length in millimetres."""
        return dots * 25.4 / self.dpi


@dataclass(frozen=True, slots=True)
class Layout:
    """A profile with the paper that is loaded: what a line may be wide, in dots.

    `is_fast`: whether the wire is, so that a picture of some kilobytes costs no time that anybody notices.
    """

    profile: Profile
    width_dots: int
    is_fast: bool = False


def layout(profile: Profile, paper_mm: int, *, is_fast: bool = False) -> Layout:
    """Return the printable width for a roll of `paper_mm` (80 or 58), never more than the head has."""
    reach = profile.dots(_PRINTABLE_MM[paper_mm]) // 8 * 8
    return Layout(profile, min(profile.width_dots, reach), is_fast)


def names() -> list[str]:
    """Return the names of the profiles that come with the kiosk."""
    folder = resources.files("devices.receipt_printer") / "profiles"
    return sorted(Path(entry.name).stem for entry in folder.iterdir() if entry.name.endswith(".toml"))


@cache
def load(name: str) -> Profile:
    """Return the profile of a name, or of a path that ends in `.toml`.

    Raises:
        ProfileError: there is none, or it is wrong.
    """
    if name.endswith(".toml"):
        try:
            return parse(Path(name).read_text("utf-8-sig"), name)
        except OSError as error:
            raise ProfileError(f"{name}: the profile cannot be read ({error.strerror})") from error
        except ValueError as error:  # bytes that are no UTF-8, a path with a NUL
            raise ProfileError(f"{name}: the profile cannot be read ({error})") from error
    if name not in names():
        raise ProfileError(f"no printer profile {name!r}; there are {', '.join(names())}, or a path to a .toml file")
    source = resources.files("devices.receipt_printer") / "profiles" / f"{name}.toml"
    return parse(source.read_text("utf-8"), name)


def parse(text: str, source: str) -> Profile:
    """Return the profile that TOML `text` describes, over the python-escpos profile that it names as `base`.

    Raises:
        ProfileError: the text is no such description; `source` is named in the message.
    """
    try:
        ours = msgspec.toml.decode(text, type=dict[str, Any])
        return msgspec.convert({**_published(str(ours.get("base", ""))), **ours}, Profile)
    except (msgspec.MsgspecError, ValueError, KeyError, RecursionError) as error:
        raise ProfileError(f"{source}: {error}") from error


def _published(base: str) -> dict[str, Any]:
    """Return what python-escpos publishes of a model, in our words.

    Its JSON file is read, not its module: that makes a temporary folder at each import and takes 100 ms (3.1).
    """
    if not base:
        return {}
    text = (resources.files("escpos") / "capabilities.json").read_text("utf-8")
    profiles = json.loads(text)["profiles"]
    if base not in profiles:
        raise KeyError(f"python-escpos has no profile {base!r}")
    published = profiles[base]
    features, media = published["features"], published["media"]
    cutter = "partial" if features["paperPartCut"] else "full" if features["paperFullCut"] else "none"
    found: dict[str, Any] = {"native_qr": features["qrCode"], "cutter": cutter}
    if isinstance(media["width"]["pixels"], int):
        found["width_dots"] = media["width"]["pixels"]
    if isinstance(media["dpi"], int):
        found["dpi"] = media["dpi"]
    return found
