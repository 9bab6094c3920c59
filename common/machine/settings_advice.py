"""What is wrong with a settings file, in one sentence: the line, what was found and what would be right."""

import re
from pathlib import Path
from typing import Any, get_args, get_type_hints

import msgspec
from msgspec import Meta


def explain(root: type[msgspec.Struct], path: Path, text: str, raw: dict[str, Any], problem: str) -> str:
    """Turn msgspec's words into one sentence.

    Args:
        root: the struct that the file was to become; its fields' descriptions say what would be right.
        path: the file.
        text: its content.
        raw: the same, parsed.
        problem: what msgspec said.
    """
    match = re.search(r" - at `\$\.?(.*?)`$", problem)
    keys = [key for key in re.split(r"[.\[]", match.group(1) if match else "") if key]
    tables = tuple(f"{name}." for name in _fields(root, []))
    if problem.startswith(tables):  # a rule of ours, a sentence already
        named = problem.split(" ", maxsplit=1)[0].split(".")
        return f"{path}, line {line_of(text, named)}: {problem.partition(' - at')[0]}"
    missing = re.search(r"missing required field `(\w+)`", problem)
    unknown = re.search(r"unknown field `(\w+)`", problem)
    if missing:
        name = ".".join([*keys, missing.group(1)])
        right = _right(root, [*keys, missing.group(1)])
        return f"{path}, line {line_of(text, keys)}: {name} is missing; right would be {right}"
    if unknown:
        keys.append(unknown.group(1))
        known = ", ".join(_fields(root, keys[:-1]))
        return f"{path}, line {line_of(text, keys)}: {'.'.join(keys)} is not a setting; known there are: {known}"
    named = [key for key in keys if not key.endswith("]")]
    found = _value(raw, named)
    return f"{path}, line {line_of(text, named)}: {'.'.join(named)} is {found!r}; right would be {_right(root, named)}"


def _value(raw: Any, keys: list[str]) -> Any:
    for key in keys:
        raw = raw.get(key) if isinstance(raw, dict) else None
    return raw


def line_of(text: str, keys: list[str]) -> int:
    """Return the line (from 1) of a setting, or of the nearest table above it."""
    table, best, depth = [], 1, 0
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[([^\[\]]+)\]", line)
        assignment = re.match(r"\s*([\w.\"-]+)\s*=", line)
        if header:
            table = [part.strip().strip('"') for part in header.group(1).split(".")]
            path = table
        elif assignment:
            path = [*table, *assignment.group(1).replace('"', "").split(".")]
        else:
            continue
        if path == keys[: len(path)] and len(path) > depth:
            best, depth = number, len(path)
    return best


def _struct_at(root: type[msgspec.Struct], keys: list[str]) -> type[msgspec.Struct] | None:
    struct: Any = root
    for key in keys:
        hints = get_type_hints(struct)
        candidates = [hints.get(key), *get_args(hints.get(key))]
        struct = next((t for t in candidates if isinstance(t, type) and issubclass(t, msgspec.Struct)), None)
        if struct is None:
            return None
    return struct  # type: ignore[no-any-return]


def _fields(root: type[msgspec.Struct], keys: list[str]) -> list[str]:
    struct = _struct_at(root, keys)
    return [] if struct is None else [field.name for field in msgspec.structs.fields(struct)]


def _right(root: type[msgspec.Struct], keys: list[str]) -> str:
    """Return what would be right for a setting: its description, which a test asks of every one."""
    struct = _struct_at(root, keys[:-1])
    hint = get_type_hints(struct, include_extras=True).get(keys[-1]) if struct else None
    for part in [hint, *get_args(hint)]:
        for meta in reversed(getattr(part, "__metadata__", ())):  # the outermost says most
            if isinstance(meta, Meta) and meta.description:
                return meta.description
    if hint is not None and (table := _struct_at(root, keys)) is not None:
        return f"a table with {', '.join(_fields(root, keys))}" if table else ""
    return "nothing there"
