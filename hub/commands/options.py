"""What every command of the hub takes."""

from pathlib import Path
from typing import Annotated, Final

import typer

DEFAULT_CONFIG: Final = Path("hub.toml")
Config = Annotated[Path, typer.Option("--config", envvar="HUB_CONFIG", help="The settings file.")]
