"""Turns message structs into Litestar's schema objects, for bodies that handlers read themselves."""

from dataclasses import dataclass
from typing import Any

import msgspec
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType

from common.web.problem import Problem
from common.web.request import HttpRequest


def as_schema(struct: Any) -> Schema:
    """The JSON schema of `struct` with every reference written out."""
    (root,), definitions = msgspec.json.schema_components([struct], ref_template="{name}")
    return _convert(root, definitions)


def taking(struct: Any) -> type[Operation]:
    """Return the operation of a call whose handler reads such a body itself."""

    @dataclass
    class Taking(Operation):
        def __post_init__(self) -> None:
            content = {"application/json": OpenAPIMediaType(schema=as_schema(struct))}
            self.request_body = RequestBody(content=content, required=True)

    return Taking


async def decoded[Asked](request: HttpRequest, struct: type[Asked]) -> Asked:
    """Return the body of such a call. Raises Problem 400."""
    try:
        return msgspec.json.decode(await request.body(), type=struct)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Problem(400, "bad-request", str(error)[:300]) from error


def in_ecma(rendered: bytes) -> bytes:
    r"""Return the schema's JSON with patterns of ECMA 262, which knows no `\Z`: there `$` matches the very end."""
    return rendered.replace(b'\\\\Z"', b'$"')


def _convert(node: dict[str, Any], definitions: dict[str, Any]) -> Schema:
    if "$ref" in node:
        return _convert(definitions[node["$ref"]], definitions)
    properties = node.get("properties")
    items = node.get("items")
    others = node.get("additionalProperties")
    return Schema(
        type=OpenAPIType(node["type"]) if "type" in node else None,
        properties={name: _convert(value, definitions) for name, value in properties.items()} if properties else None,
        required=node.get("required") or None,
        items=_convert(items, definitions) if isinstance(items, dict) else None,
        max_items=node.get("maxItems"),
        minimum=node.get("minimum"),
        maximum=node.get("maximum"),
        min_length=node.get("minLength"),
        max_length=node.get("maxLength"),
        pattern=node.get("pattern"),
        enum=node.get("enum"),
        additional_properties=_convert(others, definitions) if isinstance(others, dict) else others,
        any_of=[_convert(one, definitions) for one in node["anyOf"]] if "anyOf" in node else None,
    )
