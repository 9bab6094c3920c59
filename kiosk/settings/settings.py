"""What is in force: the settings file, changed by central's feed, changed on the spot; and which of these it is.

Only the settings of `CHANGEABLE` can be changed by feed or technician. What a technician changed is in
`data_dir/changed-here.json`, outside the store, so that a salvaged store keeps it. A risky change is in force for a
minute and counts as none until it is confirmed: a restart in between starts with the old value.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec
import structlog

from common.machine.records.record import RecordDamaged, keep, recall
from common.protocol.setting_values import PROFILE_FILE
from kiosk.records.names import SETTINGS
from kiosk.settings.config import load, read
from kiosk.settings.sections import KioskConfig
from offline_store.updates import PREFIX

REVERT_S: Final = 60
_log = structlog.get_logger()


class Origin(enum.StrEnum):
    """Where a value comes from; a later one goes over an earlier one."""

    DEFAULT = "default"
    FILE = "file"
    FEED = "feed"
    HERE = "here"


class Risk(enum.StrEnum):
    """What a wrong value would do."""

    SAFE = "safe"
    RISKY = "risky"  #: could leave the technician without a screen: undone in a minute unless confirmed
    REMOTE = "remote"  #: nothing for the spot: the feed alone changes it


CHANGEABLE: Final[Mapping[str, Risk]] = {
    "kiosk.languages": Risk.SAFE,
    "kiosk.opens": Risk.SAFE,
    "kiosk.closes": Risk.SAFE,
    "kiosk.tiles": Risk.SAFE,
    "kiosk.paperless": Risk.SAFE,
    "kiosk.help_call": Risk.REMOTE,
    "kiosk.card_orders": Risk.REMOTE,
    "kiosk.other_kiosks": Risk.REMOTE,
    "kiosk.ticket_page": Risk.REMOTE,
    "kiosk.order_page": Risk.REMOTE,
    "screen.brightness": Risk.SAFE,
    "screen.paper_slot": Risk.SAFE,
    "screen.scanner_place": Risk.REMOTE,
    "screen.orientation": Risk.RISKY,
    "devices.printer.pictures": Risk.SAFE,
    "devices.printer.profile": Risk.SAFE,
    "devices.printer.roll_m": Risk.SAFE,
    "speech.volume": Risk.SAFE,
}


class SettingRefused(ValueError):
    """A value that this setting can't have; the text says why."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as it is in force."""

    key: str
    value: Any
    origin: Origin
    risk: Risk | None  # None: the file alone says it


class Settings:
    """The settings in force, and the changes made on the spot.

    Args:
        path: the settings file.
        feed: the feed's settings, by dotted key.

    Raises:
        ConfigError: the file can't be used.
    """

    def __init__(self, path: Path, feed: Mapping[str, Any] | None = None) -> None:
        self._base = load(path)
        self._in_file = set(_flat(read(path)[1]))
        self._store = self._base.data_dir / SETTINGS
        self._feed = dict(feed or {})
        self._here = _read(self._store)
        self._pending: dict[str, Any] = {}
        self.left_out: Mapping[str, str] = {}
        """What the feed brought and can't be used here, with why."""
        self.config, self._origins = self._overlaid()

    def take_feed(self, feed: Mapping[str, Any]) -> None:
        """Use what the feed brought; the same as before is told every few seconds, and changes and logs nothing."""
        if feed == self._feed:
            return
        self._feed = dict(feed)
        self.config, self._origins = self._overlaid()

    def all(self) -> list[Setting]:
        """Every setting with its value and where that comes from, in the order of the file."""
        flat = _flat(msgspec.to_builtins(self.config))
        return [Setting(key, value, self._origin(key), CHANGEABLE.get(key)) for key, value in flat.items()]

    def get(self, key: str) -> Setting:
        """Return one setting. Raises KeyError where there is none of that name."""
        return next(setting for setting in self.all() if setting.key == key)

    def change(self, key: str, value: Any) -> None:
        """Put a safe change in force, on disk when this returns.

        Raises:
            SettingRefused: not changeable here, or no right value.
            OSError: it can't be written; then nothing has changed.
        """
        if CHANGEABLE.get(key) is not Risk.SAFE:
            raise SettingRefused(f"{key} can't be changed here")
        self._check(key, value)
        changed = {**self._here, key: value}
        keep(self._store, changed)
        self._here = changed
        self.config, self._origins = self._overlaid()

    def try_out(self, key: str, value: Any) -> None:
        """Put a risky change in force without writing it anywhere: `keep` or `undo` must follow.

        Raises:
            SettingRefused: not changeable here, or no right value.
        """
        if CHANGEABLE.get(key) is not Risk.RISKY:
            raise SettingRefused(f"{key} can't be tried out here")
        self._check(key, value)
        self._pending[key] = value
        self.config, self._origins = self._overlaid()

    def keep(self) -> None:
        """Keep what is being tried out. Raises OSError where it can't be written; then it is still only tried out."""
        changed = {**self._here, **self._pending}
        keep(self._store, changed)
        self._here, self._pending = changed, {}

    def undo(self) -> None:
        """Go back to what was in force before trying out."""
        self._pending = {}
        self.config, self._origins = self._overlaid()

    def beneath(self, key: str) -> Any:
        """Return the value that feed, file or default have, whatever was changed here."""
        config, _ = self._overlaid({name: value for name, value in self._here.items() if name != key})
        return _flat(msgspec.to_builtins(config))[key]

    def reset(self, key: str) -> None:
        """Take a change made here back, so that feed or file count again. Raises OSError."""
        changed = {name: value for name, value in self._here.items() if name != key}
        keep(self._store, changed)
        self._here = changed
        self.config, self._origins = self._overlaid()

    def _check(self, key: str, value: Any) -> None:
        try:
            _with(self.config, {key: value})  # beside what is in force: it opens before it closes
        except (msgspec.ValidationError, KeyError) as error:
            raise SettingRefused(f"{key}: {error}") from error

    def _origin(self, key: str) -> Origin:
        if key in self._origins:
            return self._origins[key]
        return (
            Origin.FILE if any(key == name or name.startswith(key + ".") for name in self._in_file) else Origin.DEFAULT
        )

    def _overlaid(self, here: Mapping[str, Any] | None = None) -> tuple[KioskConfig, dict[str, Origin]]:
        """Lay feed and local changes over the file, one by one: a bad one is left out and named in the log."""
        config, origins = self._base, dict[str, Origin]()
        left_out = dict[str, str]()
        layers = (
            (Origin.FEED, self._feed),
            (Origin.HERE, self._here if here is None else here),
            (Origin.HERE, self._pending),
        )
        for origin, layer in layers:
            left = dict[str, Any]()
            for key, value in layer.items():
                if origin is Origin.FEED and key.startswith(PREFIX):
                    continue
                if key not in CHANGEABLE or (origin is Origin.HERE and CHANGEABLE[key] is Risk.REMOTE):
                    _log.warning("setting-left-out", setting=key[:60], origin=origin, reason="not changeable")
                    if origin is Origin.FEED:
                        left_out[key] = "not changeable"
                else:
                    left[key] = value
            config, refused = _laid(config, left)
            origins |= dict.fromkeys(left.keys() - refused, origin)
            for key, reason in refused.items():
                _log.warning("setting-left-out", setting=key, origin=origin, reason=reason[:200])
            if origin is Origin.FEED:
                left_out |= refused
        self.left_out = left_out
        return config, origins


def _laid(config: KioskConfig, values: Mapping[str, Any]) -> tuple[KioskConfig, dict[str, str]]:
    """Lay values over the configuration one by one; give it, and why each of those left out is not right.

    What is refused is tried again after the others: new hours may be right together only, whichever comes first.
    """
    while True:
        refused = dict[str, str]()
        for key, value in values.items():
            try:
                config = _with(config, {key: value})
            except (msgspec.ValidationError, KeyError) as error:
                refused[key] = str(error)
        if len(refused) in (0, len(values)):
            return config, refused
        values = {key: values[key] for key in refused}


def _with(config: KioskConfig, changes: Mapping[str, Any]) -> KioskConfig:
    """Return the configuration with these values, checked as the file is.

    Raises:
        msgspec.ValidationError: a value isn't right; a profile of the installer's own is the file's to name, which
            finds it beside itself.
        KeyError: its table isn't configured (a printer's profile without a printer).
    """
    if str(changes.get("devices.printer.profile", "")).endswith(PROFILE_FILE):
        raise msgspec.ValidationError("a profile in a file of its own is named in the settings file alone")
    raw = msgspec.to_builtins(config)
    for key, value in changes.items():
        *tables, name = key.split(".")
        table = raw
        for part in tables:
            table = table[part]
            if table is None:
                raise KeyError(f"there is no {part} in the settings")
        table[name] = value
    return msgspec.convert(raw, KioskConfig)


def _flat(tables: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in tables.items():
        if isinstance(value, Mapping):
            flat.update(_flat(value, f"{before}{name}."))
        else:
            flat[before + name] = value
    return flat


def _read(path: Path) -> dict[str, Any]:
    try:
        return recall(path) or {}
    except (OSError, RecordDamaged) as error:
        _log.error("local-settings-unreadable", reason=str(error)[:200])
        return {}
