"""The technician's tools, put together from what the kiosk has open."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from kiosk.delivery import enrolment
from kiosk.machine.network.network_manager import NetworkManager
from kiosk.maintenance.tools import Tools
from kiosk.papers.technician_papers import PapersForTechnician
from kiosk.runtime.parts import Parts
from kiosk.runtime.surroundings import Surroundings
from offline_store.delivery.export import export_backlog


def technician_tools(
    parts: Parts,
    surroundings: Surroundings,
    *,
    runtime_dir: Path | None = None,
    stick: Path | None = None,
    play_sound: Callable[[], None] | None = None,
) -> Tools:
    """Put the tools together; `stick` is a folder that stands for a stick. Raises NotEnrolled."""
    opened, data_dir = parts.opened, parts.settings.config.data_dir

    def export(folder: Path) -> int:
        _path, count = export_backlog(
            opened.store, folder, partial(enrolment.signing_key, data_dir), opened.clock.now()
        )
        return count

    tools = Tools(
        store=opened.store,
        clock=opened.clock,
        settings=parts.settings,
        catalogue=parts.catalogue,
        hours=parts.hours,
        devices=parts.watch,
        papers=PapersForTechnician(parts.printing, opened.store),
        health=surroundings.health,
        export_outbox=export,
        log_dir=data_dir / "logs",
        runtime_dir=runtime_dir,
        first_pin_hash=enrolment.load(data_dir).first_pin_hash,
        show_out=surroundings.show_out,
        play_sound=play_sound,
        network_manager=NetworkManager(),
    )
    return tools if stick is None else replace(tools, stick=stick, is_stick_in=Path.is_dir)
