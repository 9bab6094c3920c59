"""What a page of another origin makes an operator's browser send is refused, whichever act it is."""

from litestar.routes import HTTPRoute

from central.server.api.offices.access import PREFIX
from tests.central.conftest import Stage
from tests.central.offices.test_operators import appointed, log_in

WHOLE = {"name": "Rana", "password": "x", "code": "1", "to": "en", "on": "1"}
EVIL = {"origin": "https://evil.example"}


async def test_no_act_of_an_operator_can_be_sent_by_another_page(stage: Stage) -> None:
    await log_in(stage, await appointed(stage))
    routes = [one for one in stage.app.routes if isinstance(one, HTTPRoute) and one.path.startswith(PREFIX)]
    taken = {}
    for act in [one.path for one in routes if "POST" in one.methods]:
        files = {"file": ("filled.xlsx", b"")} if act.endswith("/catalogue") else None
        taken[act] = (await stage.client.post(act, data=WHOLE, files=files, headers=EVIL)).json()["type"]
    assert len(taken) >= 20
    assert {act: kind for act, kind in taken.items() if kind != "/problems/other-origin"} == {}
