"""`python -m tests.end_to_end.demos.walks`: each way of a citizen that the demo knows, one by one in one window.

Prints one JSON object: by the fault's name what was seen. Called in the folder that the town is to be built in.
"""

import asyncio
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

os.environ["SDL_VIDEODRIVER"] = "offscreen"

from demo.faults.faults import known
from demo.people.citizen import Citizen
from demo.processes import Processes
from demo.town import Town
from kiosk import logs
from kiosk.app import run_window, serve_on
from kiosk.settings.settings import Settings


def main() -> None:
    """Build a town, walk all ways, print what was seen."""
    logs.configure("command")
    folder = Path.cwd() / "town"
    folder.mkdir()
    walks = [fault for fault in known().values() if fault.walk]

    def publish(town: Town) -> None:
        for fault in walks:
            fault.publish(town)

    with Processes(folder) as processes, Town(folder, processes) as town:
        town.build(publish=publish)
        logs.configure("run", folder / "kiosk" / "logs")
        settings = Settings(town.settings_file)

        async def walk(ui: Any) -> dict[str, Any]:
            serving = asyncio.create_task(serve_on(ui, settings))
            seen = {}
            try:
                for fault in walks:
                    pictures = folder / fault.name
                    pictures.mkdir()
                    citizen = Citizen(ui, pictures, lambda _: None)
                    await citizen.come()
                    await citizen.walk(fault.walk)
                    seen[fault.name] = asdict(citizen.seen)
            finally:
                serving.cancel()
                await asyncio.gather(serving, return_exceptions=True)
            return seen

        print(json.dumps(run_window(settings, walk, fullscreen=False), default=str))


if __name__ == "__main__":
    main()
