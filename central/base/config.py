"""Where central keeps its data and which database it uses: checked once, before anything starts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from central.base.permitted_hosts import is_zone
from common.machine.errors import ConfigError
from common.messages import settings as messages_settings
from common.messages.settings import NO_CHANNELS, MessagesSettings

DEFAULT_DATA_DIR = Path("var/central")
POSTGRESQL = "postgresql+asyncpg"
SQLITE = "sqlite+aiosqlite"
# What the driver takes from a URL. Certificates are named by PGSSLROOTCERT, PGSSLCERT and PGSSLKEY in the environment.
OPTIONS = ("host", "passfile", "port", "ssl", "target_session_attrs", "timeout")
EXAMPLES = {POSTGRESQL: "postgresql://user@host:5432/name", SQLITE: "sqlite:////folder/central.db"}


@dataclass(frozen=True, slots=True)
class CentralConfig:
    """What every command of central needs to know.

    `database_url` names the asynchronous driver. `public_url` is the address kiosks sign their requests for; None where
    they reach this server directly and the Host header says it. `is_loopback` allows the demo key of the citizen's app.
    `unseals`: whether this server opens sealed parts, or leaves that to others on the same database.
    `hub_zone` is the domain under which hubs may have names without an administrator's word; None: addresses alone.
    `messages` are the channels by which numbers are written to; `payments` is the file that sets up payments.
    """

    data_dir: Path
    database_url: str
    public_url: str | None = None
    is_loopback: bool = True
    unseals: bool = True
    hub_zone: str | None = None
    messages: MessagesSettings = NO_CHANNELS
    payments: Path | None = None

    @property
    def is_postgres(self) -> bool:
        """Whether the database is a PostgreSQL, which other machines may use too."""
        return self.database_url.startswith(POSTGRESQL)

    @property
    def keys_dir(self) -> Path:
        """Central's private keys, each a file that only its owner may read."""
        return self.data_dir / "keys"


def load_config(
    data_dir: Path,
    database: str | None,
    *,
    public_url: str | None = None,
    is_loopback: bool = True,
    unseals: bool = True,
    hub_zone: str | None = None,
    messages: Path | None = None,
) -> CentralConfig:
    """Check the settings and make the data folder. Raises ConfigError, or OSError where the folder cannot be made."""
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    url = driver_url(database) if database else f"sqlite+aiosqlite:///{(data_dir / 'central.db').absolute()}"
    if public_url is not None:
        parts = urlsplit(public_url)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
            raise ConfigError(f"--public-url: found {public_url!r}, expected https://name or https://name/path")
        public_url = public_url.rstrip("/")
    if hub_zone is not None:
        hub_zone = hub_zone.lower()
        if not is_zone(hub_zone):
            raise ConfigError(f"--hub-zone: found {hub_zone[:80]!r}, expected a domain such as centres.homs.example")
    channels = NO_CHANNELS if messages is None else messages_settings.load(messages)
    return CentralConfig(data_dir, url, public_url, is_loopback, unseals, hub_zone, channels)


def driver_url(database: str) -> str:
    """Name the asynchronous driver in a database URL. Raises ConfigError for a database that central does not know."""
    scheme, separator, rest = database.partition("://")
    drivers = {
        "postgresql": POSTGRESQL,
        "postgres": POSTGRESQL,
        "postgresql+asyncpg": POSTGRESQL,
        "sqlite": SQLITE,
        "sqlite+aiosqlite": SQLITE,
    }
    if not separator or scheme not in drivers:
        # The URL may hold a password, so only its scheme is repeated.
        raise ConfigError(f"--database: found {scheme!r}, expected postgresql://… or sqlite:///…")
    # libpq's name for it, as operators write it, is `ssl` to asyncpg; the values are the same.
    url = f"{drivers[scheme]}://{re.sub(r'(?<=[?&])sslmode=', 'ssl=', rest)}"
    try:
        parts = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise ConfigError(f"--database: found no {scheme} URL, expected {EXAMPLES[drivers[scheme]]}") from error
    if drivers[scheme] == POSTGRESQL:
        _check_options(parts.query)
    # A database in memory is another one for each connection.
    if parts.drivername == SQLITE and parts.database in (None, "", ":memory:"):
        raise ConfigError(f"--database: found no file in the URL, expected {EXAMPLES[SQLITE]}")
    return url


def _check_options(options: Mapping[str, object]) -> None:
    for name, value in options.items():
        if name not in OPTIONS:
            expected = ", ".join("sslmode" if option == "ssl" else option for option in OPTIONS)
            raise ConfigError(f"--database: found the option {name[:40]!r}, expected one of {expected}")
        if name == "timeout" and not (isinstance(value, str) and re.fullmatch(r"[1-9][0-9]{0,3}", value)):
            raise ConfigError(f"--database: found timeout={str(value)[:20]!r}, expected whole seconds such as 5")
