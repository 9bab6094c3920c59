"""What a page may say: no wish of a person is heard in part."""

from pathlib import Path

import msgspec
from litestar.routes import HTTPRoute

from hub.api.app import create_app
from hub.api.server.server import Serving
from hub.settings import CentralSection, HubConfig, HubSection
from tests.hub.api.conftest import HUB_KEY
from tests.hub.hall import CENTRE, open_hall


def test_a_wish_that_says_more_than_the_hub_understands_is_refused(tmp_path: Path) -> None:
    hall = open_hall(tmp_path / "hub")
    config = HubConfig(hub=HubSection(centre=CENTRE), central=CentralSection(url="http://127.0.0.1:1"))
    routes = [route for route in create_app(Serving(hall.hub, config, HUB_KEY)).routes if isinstance(route, HTTPRoute)]
    bodies = [handler.parsed_data_field for route in routes for handler in route.route_handlers]
    wishes = [body.annotation for body in bodies if body is not None and issubclass(body.annotation, msgspec.Struct)]
    assert len(wishes) >= 16
    assert [wish.__name__ for wish in wishes if not wish.__struct_config__.forbid_unknown_fields] == []
    hall.hub.store.close()
