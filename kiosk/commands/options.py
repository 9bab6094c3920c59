"""The options that the kiosk's commands share."""

from pathlib import Path
from typing import Annotated, Final

import typer

DEFAULT_CONFIG: Final = Path("kiosk.toml")
Config = Annotated[Path, typer.Option("--config", envvar="KIOSK_CONFIG", help="The settings file.")]
NoPrint = Annotated[bool, typer.Option("--no-print", help="Record only; nothing comes out of the printer.")]
Stdin = Annotated[bool, typer.Option("--stdin", help="Read one a line from standard input.")]
