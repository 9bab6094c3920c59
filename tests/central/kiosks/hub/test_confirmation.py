"""A hub at an address that is not the city's own waits for an administrator, with code, key and address as asked."""

import json
from dataclasses import replace

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from central.base.tables.enrolled import kiosks
from central.base.tables.people import operations
from central.kiosks import enrolment
from central.kiosks.hub import confirmation
from central.kiosks.hub.certificates import authority_pem, settle_certificate
from common.protocol.envelope import EnrolmentAnswer, EnrolmentPending, EnrolmentRequest
from tests.central.conftest import URL, Stage, check_signed
from tests.central.kiosks.hub.test_certificates import public
from tests.central.offices.test_operators import appointed, log_in
from tests.central.offices.test_people import sent
from tests.kit.sender import Sender

OUTSIDE = "https://www.bank.example"


async def asked(stage: Stage, sender: Sender, code: str, address: str = OUTSIDE) -> int:
    return (await stage.try_enrol(sender, code, role="hub", address=address)).status_code


async def code_id(stage: Stage) -> str:
    (row,) = await stage.all(enrolment.open_codes())
    return str(row.id)


@pytest.mark.parametrize(
    "address",
    [OUTSIDE, "https://8.8.8.8:8090", "https://hub.centre.example", "https://[2001:db8::1]", "https://010.0.0.5"],
)
async def test_a_hub_outside_is_not_enrolled_and_told_so_under_centrals_signature(stage: Stage, address: str) -> None:
    sender, code = Sender("", URL), await stage.code("homs-main", "hub")
    answer = await stage.try_enrol(sender, code, role="hub", address=address)
    assert answer.status_code == 202
    said = msgspec.json.decode(answer.content, type=EnrolmentPending)
    assert (said.state, said.address) == ("address-unconfirmed", address)
    for key in said.signing_keys:
        sender.trust(key.kid, key.public_key)
    check_signed(sender, answer, dict(answer.request.headers))
    assert await stage.all(select(kiosks)) == []


@pytest.mark.parametrize("address", ["https://10.0.0.5:8090", "https://10.0.0.5", "http://10.0.0.5:8099/"])
async def test_where_another_centre_s_hub_stands_an_administrator_confirms_it(stage: Stage, address: str) -> None:
    """Else who makes codes of one centre would get a certificate of the other's hub."""
    await stage.enrolled_hub("homs-main")
    sender, code = Sender("", URL), await stage.code("homs-new", "hub")
    assert await asked(stage, sender, code, address) == 202
    async with stage.engine.begin() as connection:
        await confirmation.confirm(connection, await code_id(stage), address.rstrip("/"), "Rana")
    assert await asked(stage, sender, code, address) == 200, "both centres have the same network behind a router"


async def test_a_second_hub_of_the_centre_a_revoked_one_and_the_machine_itself_stand_in_nobodys_way(
    stage: Stage,
) -> None:
    first = await stage.enrolled_hub("homs-main")
    again = Sender("", URL)
    assert await asked(stage, again, await stage.code("homs-main", "hub"), "https://10.0.0.5:8090") == 200
    for centre in ("homs-main", "homs-new"):
        address = f"https://127.0.0.1:{8090 + len(centre)}"
        assert await asked(stage, Sender("", URL), await stage.code(centre, "hub"), address) == 200
    await stage.revoke(first)
    await stage.revoke(Sender((await kiosk_of(stage, again)), URL))
    assert await asked(stage, Sender("", URL), await stage.code("homs-new", "hub"), "https://10.0.0.5:8090") == 200


async def kiosk_of(stage: Stage, sender: Sender) -> str:
    (row,) = await stage.all(select(kiosks).where(kiosks.c.public_key == sender.public_key))
    return str(row.id)


@pytest.mark.parametrize(
    "address",
    ["https://[abc", "https://[abc]", "https://10.0.0.5:99999", "https://10.0.0.5:8090:1", "https://10.0.0.5:",
     "https://10.0.0.5:0", "https://:8090", "https://[fd00::5]x"],
)  # fmt: skip
async def test_an_address_that_is_none_is_refused_by_name(stage: Stage, address: str) -> None:
    answer = await stage.try_enrol(Sender("", URL), await stage.code("homs-main", "hub"), role="hub", address=address)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/no-address")


async def test_a_name_in_the_citys_zone_needs_nobody(stage: Stage) -> None:
    request = EnrolmentRequest(
        await stage.code("homs-main", "hub"), Sender("", URL).public_key, "hub", "https://hub1.centres.homs.example"
    )
    answer = await enrolment.enrol(stage.engine, request, zone="centres.homs.example")
    assert isinstance(answer, EnrolmentAnswer)
    assert answer.kiosk.startswith("hub-")


async def test_once_an_administrator_has_confirmed_it_the_same_command_enrols(stage: Stage) -> None:
    sender, code = Sender("", URL), await stage.code("homs-main", "hub")
    assert await asked(stage, sender, code) == 202
    await log_in(stage, await appointed(stage, "Omar", "manager"))
    form = {"code": await code_id(stage), "address": OUTSIDE}
    assert OUTSIDE in (await stage.client.get("/offices/people")).text
    assert (await sent(stage, "people/address", form))[0] == 403
    assert await asked(stage, sender, code) == 202
    await log_in(stage, await appointed(stage, "Rana", "administrator"))
    assert 'action="/offices/people/address"' in (await stage.client.get("/offices/people")).text
    assert (await sent(stage, "people/address", form))[0] == 200
    assert await asked(stage, sender, code) == 200
    noted = (await stage.all(select(operations).where(operations.c.act == "hub-address-confirmed")))[0]
    assert (noted.operator, json.loads(noted.detail)["address"]) == ("Rana", OUTSIDE)
    assert await asked(stage, sender, await stage.code("homs-main", "hub")) == 200, "it stays where it is"


async def test_what_is_confirmed_is_this_address_for_this_key_alone(stage: Stage) -> None:
    sender, code = Sender("", URL), await stage.code("homs-main", "hub")
    assert await asked(stage, sender, code) == 202
    seen = await code_id(stage)
    assert await asked(stage, sender, code, "https://other.example") == 202
    async with stage.engine.begin() as connection:
        with pytest.raises(ValueError, match="no hub waits"):
            await confirmation.confirm(connection, seen, OUTSIDE, "Rana")
        await confirmation.confirm(connection, seen, "https://other.example", "Rana")
    assert await asked(stage, Sender("", URL), code, "https://other.example") == 202, "another key"
    assert await asked(stage, sender, code) == 202, "another address"


async def test_the_authority_signs_nothing_for_an_address_outside(stage: Stage) -> None:
    sender, code = Sender("", URL), await stage.code("homs-main", "hub")
    place = {"role": "hub", "address": OUTSIDE, "tls_key": public(ec.generate_private_key(ec.SECP256R1()))}
    assert (await stage.try_enrol(sender, code, **place)).status_code == 202
    async with stage.engine.begin() as connection:
        await confirmation.confirm(connection, await code_id(stage), OUTSIDE, "Rana")
    assert (await stage.try_enrol(sender, code, **place)).status_code == 200
    (hub,) = await stage.all(select(kiosks))
    async with stage.engine.begin() as connection:
        await authority_pem(connection, stage.config)
    await settle_certificate(stage.engine, stage.config, hub)
    with pytest.raises(ValueError, match="centre-ca --renew"):  # the authority here was made without a zone
        await settle_certificate(stage.engine, replace(stage.config, hub_zone="bank.example"), hub)
    assert (await stage.all(select(kiosks)))[0].certificate is None
