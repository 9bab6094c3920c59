"""What docs/ says of a biller's wire is what central reads, and what the played biller answers."""

import json

import httpx2

from demo.payments.biller import Biller
from demo.payments.server import Server
from tests.deploy import renew_biller_schema


def test_the_schema_is_that_of_the_program() -> None:
    assert renew_biller_schema.PATH.read_text(encoding="utf-8") == renew_biller_schema.text()


def test_each_call_of_the_schema_is_answered() -> None:
    played = Biller()
    played.owe("1234567", "D-1", 100)
    said = json.loads(renew_biller_schema.text())["paths"]
    assert set(said) == {"/v1/fields", "/v1/inquiries", "/v1/marks", "/v1/changes"}
    with Server(played.answer) as server:
        client = httpx2.Client(base_url=server.url, headers={"Authorization": f"Bearer {played.token}"})
        with client:
            mark = {"debt": "D-1", "amount": 100, "currency": "SYP", "payer": "shamcash", "payment": "k"}
            assert client.get("/v1/fields").status_code == 200
            assert client.post("/v1/inquiries", json={"fields": {"subscriber": "1234567"}}).status_code == 200
            assert client.post("/v1/marks", json=mark, headers={"Idempotency-Key": "k"}).status_code == 201
            assert client.get("/v1/changes?after=0&limit=10").json()["changes"][-1]["key"] == "k"
