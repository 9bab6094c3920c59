"""The compose file for who evaluates: what it names is there. No container is started here."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from typer.main import get_command

from central.commands.cli import app
from release.part import PARTS
from release.repository import KEY, SUITE

ROOT = Path(__file__).parents[3]
COMPOSE = ROOT / "deploy/compose"


@pytest.fixture
def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((COMPOSE / "compose.yaml").read_text())
    used = {volume.split(":")[0] for one in found["services"].values() for volume in one.get("volumes", ())}
    assert used == set(found["volumes"])
    services: dict[str, Any] = found["services"]
    return services


def test_the_image_is_built_of_our_packages(services: dict[str, Any]) -> None:
    build = services["central"]["build"]
    assert (COMPOSE / build["context"]).resolve() == ROOT
    recipe = (ROOT / build["dockerfile"]).read_text()
    central = next(part for part in PARTS if part.name == "central")
    assert f"install --yes --no-install-recommends {central.package} " in recipe
    assert f"[signed-by=/packages/{KEY}] file:/packages {SUITE} main" in recipe
    (copied,) = re.findall(r"^COPY (\S+) /packages$", recipe, re.MULTILINE)
    assert f"!{copied}" in (COMPOSE / "Containerfile.dockerignore").read_text().splitlines()
    assert f'ENTRYPOINT ["/opt/{central.name}/current/bin/{central.name}"]' in recipe


@pytest.mark.parametrize("name", ["migrate", "central"])
def test_each_service_is_a_command_of_central_with_options_that_it_has(name: str, services: dict[str, Any]) -> None:
    command, *words = services[name]["command"]
    known = get_command(app).commands[command].params  # type: ignore[attr-defined]
    assert {word for word in words if word.startswith("--")} <= {option for one in known for option in one.opts}
    assert set(services[name]["environment"]) <= {one.envvar for one in known}


def test_whoever_waits_waits_for_a_database_that_answers(services: dict[str, Any]) -> None:
    for name, one in services.items():
        for other, wanted in one.get("depends_on", {}).items():
            healthy = wanted["condition"] == "service_healthy"
            assert not healthy or "healthcheck" in services[other], f"{name} waits for {other}"
    asked = services["central"]["healthcheck"]["test"][-1]
    assert asked == "http://127.0.0.1:8080/readyz"
    assert services["central"]["ports"] == ["127.0.0.1:8080:8080"]  # without TLS, so to nobody else
    user = services["database"]["environment"]
    url = services["central"]["environment"]["CENTRAL_DATABASE"]
    assert url == f"postgresql://{user['POSTGRES_USER']}:{user['POSTGRES_PASSWORD']}@database/{user['POSTGRES_USER']}"
