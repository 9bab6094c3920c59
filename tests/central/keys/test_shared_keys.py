"""Two machines over one PostgreSQL: what is rotated on one works at the other, which has been given one file only."""

import base64
import json
import shutil
from dataclasses import replace
from pathlib import Path

import httpx2
import msgspec
import pytest
from sqlalchemy import select

from central.base.config import CentralConfig, load_config
from central.base.database.engine import opened_engine
from central.base.database.transactions import reading
from central.base.tables.keys import central_keys
from central.keys import centre_ca, key_chain, sharing
from central.keys.key_file import NAME, KeyFile, KeyFileError
from central.keys.keys import KeyRing
from central.kiosks.hub import certificates
from central.server import preparation
from common.protocol.envelope import BatchAnswer, EnrolmentAnswer
from common.protocol.feed_page import FeedPage
from common.protocol.message_signature import verify_response
from tests.central.commands.test_cli import enrol, result, run, served
from tests.central.conftest import Stage
from tests.central.intake.unsealing.test_unsealing import ticket_of
from tests.kit.sender import Sender


def _second_machine(first: Path, second: Path) -> None:
    (second / "keys").mkdir(parents=True)
    shutil.copy(first / "keys" / NAME, second / "keys" / NAME)


def _asked(sender: Sender, method: str, url: str, path: str, body: bytes = b"") -> bytes:
    """Ask as the kiosk does; the answer's signature is checked."""
    sender.url = url
    headers = sender.signature(method, path, body)
    response = httpx2.request(method, url + path, content=body, headers=headers, timeout=20)
    assert response.status_code == 200, response.text
    verify_response(
        200, response.headers, response.content, method=method, url=url + path, request_headers=headers,
        keys=sender.central_keys,
    )  # fmt: skip
    return response.content


@pytest.mark.proof
def test_a_rotation_on_one_machine_works_at_the_other_which_neither_restarts_nor_copies(
    tmp_path: Path, postgres_url: str
) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    where = ("--database", postgres_url)
    assert run(one, "migrate", *where).returncode == 0
    _second_machine(one, other)
    with served(one, *where) as (first, _), served(other, *where) as (second, _):
        sender = enrol(first, result(one, "enrolment-code", "--centre", "homs-main", *where)["code"])
        # Said on the machine that did not make the present keys: it vouches with them all the same.
        result(other, "publish", "central-keys", "-", "--json", *where, text="{}")
        page = msgspec.json.decode(_asked(sender, "GET", first, f"/v1/kiosks/{sender.kiosk}/feed"), type=FeedPage)
        (said,) = [json.loads(bytes(one.body)) for one in page.messages if one.kind == "central-keys"]
        new = said["signing"][-1]
        sender.trust(new["kid"], new["public_key"])
        sender.sealing = msgspec.convert(said["sealing"], type(sender.sealing))
        # From here on this kiosk is answered with the new key, whichever machine it reaches.
        for url in (first, second, first):
            _asked(sender, "GET", url, f"/v1/kiosks/{sender.kiosk}/feed?after={page.cursor}")
        sender.central_keys = {new["kid"]: sender.central_keys[new["kid"]]}
        for url in (first, second):
            body = sender.batch([ticket_of(sender)])
            answer = msgspec.json.decode(_asked(sender, "POST", url, sender.batches_path, body), type=BatchAnswer)
            assert [found.result for found in answer.results] == ["applied"]
        assert result(one, "technician", "Rana", "--centre", "homs-main", "--role", "manager", *where)["pin"]
    for machine in (one, other):
        names = {path.name for path in (machine / "keys").iterdir()}
        assert {f"{new['kid']}.signing", f"{said['sealing']['kid']}.sealing"} <= names
    with served(other, *where):
        pass  # starts again too


@pytest.mark.parametrize("config", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    ("found", "said"),
    [(None, "is missing: copy it"), ("00", "is damaged"), ("ff" * 32, "is another central's"), ("é", "is damaged")],
)
async def test_a_machine_without_the_right_key_file_says_so_and_makes_none(
    config: CentralConfig, tmp_path: Path, found: str | None, said: str
) -> None:
    other = load_config(tmp_path / "other", config.database_url)
    if found is not None:
        other.keys_dir.mkdir()
        (other.keys_dir / NAME).write_text(found, encoding="utf-8")
    for prepare in (preparation.prepare, preparation.migrate):
        with pytest.raises(KeyFileError, match=said):
            await prepare(other)
    assert KeyFile(other.keys_dir).path.exists() == (found is not None)


async def test_keys_lie_wrapped_in_the_database_and_come_into_a_folder_that_has_lost_them(
    config: CentralConfig,
) -> None:
    async with opened_engine(config.database_url) as engine:
        async with engine.begin() as connection:
            await key_chain.rotate(connection, KeyRing(config.keys_dir), signing=True, sealing=True)
        async with reading(engine) as connection:
            rows = (await connection.execute(select(central_keys))).all()
        for path in config.keys_dir.glob("*.si*"):
            path.unlink()
        async with reading(engine) as connection:
            await sharing.fetch(connection, KeyRing(config.keys_dir))
    assert len(rows) == 4
    for row in rows:
        private = KeyRing(config.keys_dir).private_bytes(row.purpose, row.kid)
        assert private.hex() not in base64.b64decode(row.wrapped).hex()
        assert private not in base64.b64decode(row.wrapped)


def test_a_key_opens_for_its_own_purpose_and_id_only(tmp_path: Path) -> None:
    file = KeyFile(tmp_path)
    file.make()
    wrapped = file.wrap("signing", "00112233", bytes(32))
    assert file.unwrap("signing", "00112233", wrapped) == bytes(32)
    for purpose, kid in (("sealing", "00112233"), ("signing", "00112234")):
        with pytest.raises(KeyFileError):
            file.unwrap(purpose, kid, wrapped)


async def test_an_enrolment_is_answered_with_keys_that_another_machine_has_made_since(stage: Stage) -> None:
    other = KeyRing(stage.config.data_dir / "other" / "keys")
    other.folder.mkdir(parents=True)
    shutil.copy(stage.config.keys_dir / NAME, other.folder / NAME)
    async with stage.engine.begin() as connection:
        await key_chain.rotate(connection, other, signing=True, sealing=True)
    sender = Sender("", "http://central.test")
    response = await stage.try_enrol(sender, await stage.code())
    sender.learn(msgspec.json.decode(response.content, type=EnrolmentAnswer))
    assert len(sender.central_keys) == 2


async def test_hubs_of_all_machines_are_signed_by_one_authority(config: CentralConfig, tmp_path: Path) -> None:
    other = tmp_path / "other"
    _second_machine(config.data_dir, other)
    async with opened_engine(config.database_url) as engine:
        pems = []
        for data_dir in (config.data_dir, other, config.data_dir):
            async with engine.begin() as connection:
                pems.append(await certificates.authority_pem(connection, replace(config, data_dir=data_dir)))
    assert len(set(pems)) == 1
    assert (other / "keys" / centre_ca.FILE).read_bytes() == (config.keys_dir / centre_ca.FILE).read_bytes()
    await preparation.prepare(config)  # it is no key that answers are signed with
