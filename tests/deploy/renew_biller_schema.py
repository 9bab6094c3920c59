"""Write docs/biller.openapi.json again: `python -m tests.deploy.renew_biller_schema`."""

import json
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct

from central.payments.ports.biller import BillerFields, Changes, DebtId, Marked, Owed
from common.protocol.field import Line, Uuid, Word
from common.protocol.payments.setup import Amount, Currency, FieldName, FieldValue

PATH: Final = Path(__file__).parents[2] / "docs" / "biller.openapi.json"


class Inquiry(Struct):
    """What somebody owes; the fields are those that the biller named."""

    fields: dict[FieldName, FieldValue]


class Mark(Struct):
    """That a debt is paid. `payment` is the `Idempotency-Key` too."""

    debt: DebtId
    amount: Amount
    currency: Currency
    payer: Word
    payment: Uuid


class Duplicate(Struct, tag="Dup", tag_field="reason"):
    """It is paid; `by` is the key of the mark that stands, or a word of the biller's."""

    by: Line | None = None


class OtherAmount(Struct, tag="Amount", tag_field="reason"):
    """Another amount is owed now."""

    amount: Annotated[int, Meta(ge=0)]


class Word403(Struct):
    """The biller takes no payment of this debt here."""

    reason: Literal["Def"]


class Word503(Struct):
    """Nobody knows yet: the same again under the same key."""

    reason: Literal["Und"]


SHAPES: Final = (Inquiry, Mark, BillerFields, Owed, Marked, Duplicate, OtherAmount, Word403, Word503, Changes)


def schema() -> dict[str, Any]:
    """Return the wire as OpenAPI."""
    refs, components = msgspec.json.schema_components(SHAPES, ref_template="#/components/schemas/{name}")
    of = dict(zip((shape.__name__ for shape in SHAPES), refs, strict=True))
    inquiry = _call("Ask what is owed", of["Inquiry"], {"200": of["Owed"], "404": None, "422": None})
    refused = {"oneOf": [of["Duplicate"], of["OtherAmount"]]}
    answers = {"201": of["Marked"], "200": of["Marked"], "409": refused, "403": of["Word403"], "404": None}
    mark = _call("Enter a payment", of["Mark"], answers | {"503": of["Word503"]})
    mark["parameters"] = [_parameter("Idempotency-Key", "header", {"type": "string", "format": "uuid"})]
    changes = _call("Read the books after a line", None, {"200": of["Changes"]})
    number = {"type": "integer", "minimum": 0}
    changes["parameters"] = [_parameter("after", "query", number), _parameter("limit", "query", number)]
    return {
        "openapi": "3.1.0",
        "info": {"title": "A biller, as central calls it", "version": "1"},
        "security": [{"token": []}],
        "paths": {
            "/v1/fields": {"get": _call("Say what is asked for", None, {"200": of["BillerFields"]})},
            "/v1/inquiries": {"post": inquiry},
            "/v1/marks": {"post": mark},
            "/v1/changes": {"get": changes},
        },
        "components": {"schemas": components, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    }


def _call(summary: str, body: Any, answers: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"summary": summary, "responses": {}}
    for status, shape in answers.items():
        answer: dict[str, Any] = {"description": "The answer" if shape else "A clear no"}
        made["responses"][status] = answer | (_json(shape) if shape else {})
    return made | ({"requestBody": {"required": True} | _json(body)} if body else {})


def _json(shape: Any) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": shape}}}


def _parameter(name: str, place: str, shape: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": place, "required": True, "schema": shape}


def text() -> str:
    """Return the file; its patterns are ECMA 262's, which knows no `\\Z`."""
    written = json.dumps(schema(), indent=1, ensure_ascii=False)
    return written.replace('\\\\Z"', '$"') + "\n"


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
