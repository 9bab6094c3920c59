"""The bill of materials of a program: every library in its environment, also in C within wheels, as CycloneDX."""

import hashlib
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from release.part import Part
from release.running import run

# As auditwheel names what it copies: the library's own name, eight digits of a hash, then its version.
_SHARED_OBJECT: Final = re.compile(r"(?P<name>lib.+?)(?:-[0-9a-f]{8}(?:\.[0-9]+)?)?\.so(?:\.(?P<version>[0-9.]+))?")


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
    python = [one for one in components if one["name"] != "homs-kiosk"]
    bill["components"] = [*python, *bundled(next(venv.glob("lib/python3.*/site-packages")))]
    bill.pop("dependencies", None)
    bill["metadata"] = {"timestamp": datetime.fromtimestamp(epoch, UTC).isoformat(), "component": own}
    bill["serialNumber"] = f"urn:uuid:{uuid5(NAMESPACE_URL, f'{part.package}/{version}/{epoch}')}"
    target.write_text(json.dumps(bill, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def bundled(site_packages: Path) -> list[dict[str, Any]]:
    """Return the libraries in C that wheels bring within them (NAME.libs), which no list of Python packages names."""
    return [
        _component(found, path)
        for path in sorted(site_packages.glob("*.libs/*.so*"))
        if (found := _SHARED_OBJECT.fullmatch(path.name))
    ]


def _component(found: re.Match[str], path: Path) -> dict[str, Any]:
    wheel = path.parent.name.removesuffix(".libs")
    return {
        "type": "library",
        "bom-ref": f"{wheel}/{path.name}",
        "name": found["name"],
        # As the file's name counts it, which is the interface's: libpng15 15.13.0 is libpng 1.5.13.
        "version": found["version"] or "unknown",
        "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(path.read_bytes()).hexdigest()}],
        "properties": [{"name": "bundled-in", "value": wheel}],
    }
