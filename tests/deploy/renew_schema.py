"""Write docs/openapi.json again: `python -m tests.deploy.renew_schema`."""

import json
import tempfile
from pathlib import Path

from central.base.config import load_config
from central.server.api.app import create_app
from central.server.api.schema import in_ecma

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        schema = create_app(load_config(Path(folder), None)).openapi_schema.to_schema()
    path = Path(__file__).parents[2] / "docs" / "openapi.json"
    path.write_bytes(in_ecma(json.dumps(schema, indent=1, ensure_ascii=False).encode()) + b"\n")
