"""Whether what was installed can draw, speak and offer: settings, drivers, letters, texts, services."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from common.city.brand.brand import Brand, brand
from common.city.catalogue import Catalogue, CatalogueError, load_catalogue
from common.machine.doctor.finding import Finding, ok, problem, warning
from devices.errors import ProfileError
from devices.installed import DRIVERS, installed
from devices.receipt_printer.profile import load
from devices.receipt_printer.typeset.typesetting import ShapingError, check_shaping, missing_characters
from kiosk import language
from kiosk.settings.sections import DRAFTS, KNOWN, LANGUAGES, KioskConfig, ScreenSection

UPRIGHT_FROM_IN = 14.0
"""A smaller panel holds the citizens' screens only lying; from 14 inches on they fit upright too (measured)."""
SMALL_FROM_MM = 400
"""From farther away letters must be larger than fit on the buttons of such a smaller panel (measured)."""


def check_software(config: KioskConfig) -> Iterator[Finding]:
    """Look at everything that needs neither disk, device nor network."""
    yield from check_drivers(config)
    yield check_panel(config.screen)
    yield check_brand(brand())
    yield check_letters()
    yield from check_texts()
    yield check_services()
    if config.speech.clips is not None:
        yield check_clips(Path(config.speech.clips), config.kiosk.languages)


def check_drivers(config: KioskConfig) -> Iterator[Finding]:
    """See that the printer's profile exists and another package's driver loads; the settings refuse an unknown one."""
    if config.devices.printer is not None:
        try:
            load(config.devices.printer.profile)
        except ProfileError as error:
            yield problem("settings", str(error), "correct devices.printer.profile")
    for kind, section in config.devices.fitted().items():
        if section.driver not in KNOWN[kind][0]:
            yield _check_brought(kind, section.driver)


def _check_brought(kind: str, driver: str) -> Finding:
    """See that another package's driver loads with this version, and say which package it is."""
    point = installed(kind)[driver]
    package = "" if point.dist is None else f"{point.dist.name} {point.dist.version}"
    try:
        point.load()
    except Exception as error:  # noqa: BLE001 (whatever another maker's module raises)
        found = f"{driver} of {package} can't be loaded: {type(error).__name__}"
        return problem("drivers", found, f"put a package of it that fits into {DRIVERS}")
    return ok("drivers", f"{driver} is brought by {package}")


def check_panel(screen: ScreenSection) -> Finding:
    """See that two tiles and five controls as large as the standards ask fit side by side."""
    found = f"{screen.diagonal_in:g} inches, {screen.orientation}"
    if screen.orientation == "portrait" and screen.diagonal_in < UPRIGHT_FROM_IN:
        return warning("panel", f"{found}: too narrow, letters leave their buttons", "lay it on its side: landscape")
    if screen.diagonal_in < UPRIGHT_FROM_IN and screen.viewing_distance_mm > SMALL_FROM_MM:
        said = f"{found}, read from {screen.viewing_distance_mm} mm: letters so large leave their buttons"
        return warning("panel", said, f"mount it for {SMALL_FROM_MM} mm, and set screen.viewing_distance_mm")
    return ok("panel", found)


def check_brand(own: Brand) -> Finding:
    """Say whose kiosk it is; what is wrong in a brand is refused with the settings."""
    whose = (own.authority or {}).get("en", "authority not said")
    money = f"{own.currency.code}, {own.currency.exponent} decimal places"
    return ok("brand", f"{whose}; {own.time_zone}; {money}; order codes of {own.app.issuer}")


def check_letters() -> Finding:
    """See that Arabic letters come out joined and in order, on screen and paper alike."""
    try:
        check_shaping()
    except (ShapingError, OSError) as error:
        return problem("letters", str(error), "apt install libfribidi0; the kiosk shows nothing to citizens until then")
    return ok("letters", "Arabic is joined and ordered")


def check_texts() -> Iterator[Finding]:
    """See that the catalogues read, have the same texts, and that the font has every letter of them."""
    texts: dict[str, dict[str, tuple[str, ...]]] = {}
    for code in LANGUAGES:
        try:
            language.Language(code)
            texts[code] = _texts(code)
        except language.LanguageError as error:
            yield problem("texts", str(error), "install the release again")
            return
    everywhere = set.intersection(*(set(found) for found in texts.values()))
    if unequal := set().union(*texts.values()) - everywhere:
        some = ", ".join(sorted(unequal)[:5])
        yield problem("texts", f"{len(unequal)} texts are not in every language: {some}", "install the release again")
    for code in DRAFTS:  # what they don't say is said in another language; their letters must be there all the same
        texts[code] = _texts(code)
    missing = {code: _undrawn(found) for code, found in texts.items()}
    for code, letters in missing.items():
        found = f"{code}.po: the font draws a box for: {' '.join(letters)}"
        if letters and code in DRAFTS:
            yield warning("texts", found, f"keep the draft {code} out of kiosk.languages: it needs another font")
        elif letters:
            yield problem("texts", found, "install the release again: its own font has all of these")
    if not unequal and not any(missing.values()):
        yield ok("texts", f"{len(everywhere)} texts in {len(LANGUAGES)} languages, every letter in the font")


def check_services() -> Finding:
    """See that the shipped services read; one that doesn't is left out, never the kiosk."""
    try:
        catalogue = load_catalogue()
    except CatalogueError as error:
        return problem("services", str(error), "install the release again")
    if catalogue.disabled:
        bad = "; ".join(f"{code}: {why}" for code, why in list(catalogue.disabled.items())[:3])
        return warning("services", f"left out: {bad}", "correct these entries")
    return ok("services", f"{len(catalogue.services)} services")


def check_tiles(tiles: Sequence[str], catalogue: Catalogue) -> Finding:
    """See that every tile of the start screen is a service that is offered: another one isn't shown."""
    unknown = [code for code in tiles if catalogue.get(code) is None]
    if unknown:
        said = f"kiosk.tiles has {', '.join(code[:40] for code in unknown)}, and no such service is offered"
        return warning("tiles", said, "correct kiosk.tiles; a service's code stands in the catalogue")
    return ok("tiles", f"{len(tiles)} on the start screen are chosen" if tiles else "as the catalogue has them")


def check_clips(folder: Path, languages: Sequence[str]) -> Finding:
    """See that the folder of recorded clips is there: without it espeak-ng says everything."""
    found = [code for code in languages if any((folder / code).glob("*.wav"))]
    if len(found) < len(languages):
        missing = ", ".join(str(folder / code) for code in languages if code not in found)
        return warning(
            "clips", f"no clip in {missing}", "put ID.wav there as install.md says, or take speech.clips out"
        )
    return ok("clips", f"recorded in {len(found)} languages")


def _undrawn(texts: dict[str, tuple[str, ...]]) -> list[str]:
    """Return the letters of a catalogue's texts that the font has no picture of."""
    return sorted(missing_characters("".join({letter for forms in texts.values() for letter in "".join(forms)})))


def _texts(code: str) -> dict[str, tuple[str, ...]]:
    """Return each text's forms by its id."""
    texts: dict[str, tuple[str, ...]] = {}
    for message in language.catalogue(code, language.FOLDER):
        name = message.id if isinstance(message.id, str) else message.id[0]
        forms = [message.string] if isinstance(message.string, str) else message.string or []
        if name:
            texts[name] = tuple(str(form) for form in forms)
    return texts
