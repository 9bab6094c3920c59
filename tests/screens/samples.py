"""Every screen in every state, each reached by a scripted visit: what the screenshots draw and the audits walk."""

import tomllib
from collections.abc import Mapping
from typing import Any

from common.city.catalogue import SHIPPED
from kiosk.flows.situation import Conditions
from kiosk.machine.power import PowerState
from kiosk.prompts.choosing import Start, Tile
from kiosk.prompts.state import Starting
from kiosk.prompts.ui import OFFERED, Availability, StatusStrip
from tests.kit.features import of_features
from tests.screens.scenes.of_ahead import AHEAD
from tests.screens.scenes.of_claims import CLAIMS
from tests.screens.scenes.of_doors import DOORS
from tests.screens.scenes.of_orders import ORDERS
from tests.screens.scenes.of_papers import PAPERS
from tests.screens.scenes.of_payments import PAYMENTS
from tests.screens.scenes.of_states import STATES
from tests.screens.scenes.of_tickets import CHOOSING, TICKETS
from tests.screens.scenes.scene import Reached, Scene

_DATA = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
_SERVICES = {service["code"]: service for service in _DATA["services"]}
CENTRE: dict[str, str] = _DATA["centres"]["homs-main"]
NAMES: dict[str, dict[str, str]] = {code: service["names"] for code, service in _SERVICES.items()}
_MAIN = tuple(code for code, service in _SERVICES.items() if service.get("main"))

_OF_CORE = {**CHOOSING, **TICKETS, **AHEAD, **PAPERS, **CLAIMS, **DOORS, **PAYMENTS, **ORDERS, **STATES}
_OF_FEATURES = {name: scene for one in of_features("scenes") for name, scene in one.SCENES.items()}
SCENES: Mapping[str, Scene] = {**_OF_CORE, **_OF_FEATURES}
SAMPLES: Mapping[str, Any] = Reached(SCENES)

BEFORE_ANY_VISIT: Mapping[str, Any] = {"starting": Starting()}
"""What stands while the store opens; it has no value that could be made up."""


def _strip(**conditions: Any) -> StatusStrip:
    return Conditions(**{"clock": "09:05", **conditions}).strip(CENTRE)


STRIP = _strip()
STRIPS: Mapping[str, StatusStrip] = {
    "start-offline": _strip(is_offline=True),
    "start-on-battery": _strip(power=PowerState.BATTERY, battery_minutes=12),
    "start-offline-on-battery": _strip(is_offline=True, power=PowerState.LOW, clock=None),
}
"""The start screen again under each mark of the strip."""


def tile(service: str, availability: Availability = OFFERED) -> Tile:
    """Return the tile of a service, for tests of the window itself."""
    return Tile(service, NAMES[service], availability, _SERVICES[service]["prefix"])


def start(**more: Any) -> Start:
    """Return a start screen with its six tiles, for tests of the window itself."""
    return Start(tiles=tuple(tile(service) for service in _MAIN), **{"has_about": True, **more})
