"""The bill of materials of a program: every library in its environment with version and licence, as CycloneDX."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from release.part import Part
from release.running import run


def write_bill(part: Part, version: str, venv: Path, target: Path, epoch: int, tool: Path) -> None:
    """Write what lies in this environment, read from the environment itself, not from the lists it was made of.

    Args:
        part: which program.
        version: its version.
        venv: the environment.
        target: the file.
        epoch: the time of the build, in seconds.
        tool: the folder of commands in which `cyclonedx-py` is.
    """
    words = ["environment", "--output-reproducible", "--output-format", "JSON", str(venv / "bin/python")]
    bill: dict[str, Any] = json.loads(run([str(tool / "cyclonedx-py"), *words]))
    components = bill.get("components", [])
    for component in components:
        # Where a folder stood while it was built says nothing to anybody, and differs from build to build.
        component.pop("externalReferences", None)
    own = {"type": "application", "name": part.package, "version": version, "bom-ref": part.package}
    own["licenses"] = [{"license": {"id": "Apache-2.0"}}]  # type: ignore[assignment]
    bill["components"] = [one for one in components if one["name"] != "homs-kiosk"]
    bill.pop("dependencies", None)
    bill["metadata"] = {"timestamp": datetime.fromtimestamp(epoch, UTC).isoformat(), "component": own}
    bill["serialNumber"] = f"urn:uuid:{uuid5(NAMESPACE_URL, f'{part.package}/{version}/{epoch}')}"
    target.write_text(json.dumps(bill, indent=1, sort_keys=True) + "\n", encoding="utf-8")
