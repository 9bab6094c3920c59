"""The papers inside: links lead somewhere, cited labels and files exist, examples run, the schema is today's."""

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from central.base.config import load_config
from central.server.api.app import create_app
from central.server.api.schema import in_ecma
from kiosk.desk.order_code import Unverified, read_order_code

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [
    *DOCS.rglob("*.md"),
    *ROOT.glob("features/*/*.md"),
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CODE_OF_CONDUCT.md")),
]
PACKAGES = ("kiosk", "screens", "devices", "offline_store", "common", "central", "hub", "features", "demo")
PACKAGE_FILE = re.compile(rf"`((?:{'|'.join((*PACKAGES, 'tests', 'deploy', 'docs'))})/[\w./-]*)`")
NAME_OF_FILE = re.compile(r"`(\w+)` (?:of|in) `([\w/]+\.\w+)`")
LABEL = re.compile(r"(?<![\w\"'·])([ACT]\d{1,2})(?![\w·\"'])")
EVENT = re.compile(r"_?log\.(?:debug|info|warning|error|critical)\(\s*\"([^\"]+)\"")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_and_every_file_that_a_page_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = [one.split("#")[0] for one in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in one]
    assert [one for one in links if one and not (page.parent / one).exists()] == []
    named = [one.rstrip("/") for one in PACKAGE_FILE.findall(text)]
    assert [one for one in named if _is_lost(one)] == []


def _is_lost(name: str) -> bool:
    """Return whether a file is named and not there; what a feature has may have been taken out with it."""
    feature = re.match(r"(?:tests/)?features/(\w+)", name)
    return not (ROOT / name).exists() and (feature is None or (ROOT / "features" / feature[1]).is_dir())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_name_that_a_page_looks_for_in_a_file_is_there(page: Path) -> None:
    named = NAME_OF_FILE.findall(page.read_text(encoding="utf-8"))
    lost = [(name, file) for name, file in named if not re.search(rf"\b{name}\b", (ROOT / file).read_text("utf-8"))]
    assert lost == []
    assert len(named) > 12 or page.name != "CONTRIBUTING.md"


def test_every_promise_names_the_tests_that_try_to_break_it() -> None:
    """That they exist, the test above holds for every page."""
    rows = re.findall(r"^\| (\d+) [^|]+\|([^|]+)\|", (DOCS / "promises.md").read_text(encoding="utf-8"), re.MULTILINE)
    promised = re.findall(r"^(\d+)\. \*\*", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert [number for number, _ in rows] == promised
    assert len(promised) == 20
    for number, tried in rows:
        assert [one for one in PACKAGE_FILE.findall(tried) if one.startswith("tests/") and one.endswith(".py")], number


def test_every_label_that_the_code_cites_is_explained() -> None:
    explained = set(LABEL.findall((DOCS / "criteria.md").read_text(encoding="utf-8")))
    cited: dict[str, str] = {}
    for package in (*PACKAGES, "tests", "tools"):
        for path in (ROOT / package).rglob("*.py"):
            docstrings = re.findall(r'"""(.*?)"""', path.read_text(encoding="utf-8"), re.DOTALL)
            cited |= {label: str(path.relative_to(ROOT)) for text in docstrings for label in LABEL.findall(text)}
    assert {label: where for label, where in cited.items() if label not in explained} == {}
    assert len(cited) > 20


def test_a_log_event_has_one_form_and_is_no_sentence() -> None:
    odd = {}
    for package in ("kiosk", "central", "hub", "offline_store", "common", "features", "demo"):
        for path in (ROOT / package).rglob("*.py"):
            for event in EVENT.findall(path.read_text(encoding="utf-8")):
                if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", event):
                    odd[event] = str(path.relative_to(ROOT))
    assert odd == {}


def test_the_example_mints_a_code_that_the_kiosk_reads(tmp_path: Path) -> None:
    (block,) = re.findall(r"```python\n(.*?)```", (DOCS / "protocol.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(block.splitlines()) <= 30
    program = tmp_path / "mint.py"
    program.write_text(block)
    done = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, check=True, timeout=50)
    code, key = done.stdout.splitlines()
    assert code.startswith("SY1:")
    assert len(code) <= 700
    assert re.fullmatch(r"[0-9a-f]{4} [A-Za-z0-9+/]{43}=", key)
    read = read_order_code(code, keys={}, now=time.time(), tells_time=True)
    assert isinstance(read, Unverified), "well made, by a key that this kiosk does not know"


def test_the_schema_that_is_kept_is_the_one_that_central_serves(tmp_path: Path) -> None:
    schema = create_app(load_config(tmp_path, None)).openapi_schema.to_schema()
    kept = json.loads((DOCS / "openapi.json").read_text(encoding="utf-8"))
    served = json.loads(in_ecma(json.dumps(schema).encode()))
    assert kept == served, "renew it: python -m tests.deploy.renew_schema"
    calls = [call for path in kept["paths"].values() for call in path.values()]
    assert all(re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", call["operationId"]) and len(call["tags"]) == 1 for call in calls)
    assert len({call["operationId"] for call in calls}) == len(calls) > 20, "a client's names, said where a call is"
    hold = kept["paths"]["/v1/holds"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert hold["properties"]["who"] == {"type": "string", "minLength": 1, "maxLength": 200}
    assert hold["properties"]["centre"]["pattern"].endswith("$"), "ECMA 262 knows no other end"
    assert hold["additionalProperties"] is False
