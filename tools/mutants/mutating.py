"""From a module's text to its mutants: each differs from it in one expression or statement. Pure: no file, no clock."""

import ast
from collections.abc import Iterator
from typing import Final, NamedTuple

OPPOSITE: Final[dict[type[ast.AST], type[ast.AST]]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
}  # fmt: skip


class Mutant(NamedTuple):
    """A module's text with one fault; `was` and `now` are the expression before and after."""

    line: int
    was: str
    now: str
    text: str


def mutants_of(text: str) -> Iterator[Mutant]:
    """Yield each mutant of a module. Annotations, docstrings and texts are left alone: no test can check them."""
    tree = ast.parse(text)
    for node in _mutable(tree):
        for other in _others(node):
            was, now = ast.get_source_segment(text, node), ast.unparse(ast.fix_missing_locations(other))
            if was is None or was == now or not isinstance(node, ast.expr | ast.stmt):
                continue
            now = f"({now})" if isinstance(node, ast.expr) else now
            mutated = _replaced(text, node, now)
            try:
                ast.parse(mutated)
            except SyntaxError:  # inside an f-string there are no places of one's own
                continue
            yield Mutant(node.lineno, " ".join(was.split()), now, mutated)


def _mutable(node: ast.AST) -> Iterator[ast.AST]:
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list", "type_params") or isinstance(node, ast.JoinedStr):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _is_of_types(child):
                yield child
                yield from _mutable(child)


def _is_of_types(node: ast.AST) -> bool:
    """Whether it is what only type checkers read: `frozen` of a struct as of a dataclass; or `__name__`'s guard.

    So is `kw_only`: a struct without it takes every call that it took, and gives the same.
    """
    if isinstance(node, ast.keyword):
        return node.arg in ("frozen", "kw_only")
    return isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "__name__ == '__main__'")


def _others(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what may stand in place of a node."""
    match node:
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in OPPOSITE:
            yield ast.Compare(left, [_opposite(op)], [right])  # type: ignore[list-item]
        case ast.BoolOp(op=op, values=values):
            yield ast.BoolOp(_opposite(op), values)  # type: ignore[arg-type]
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPPOSITE:
            yield ast.BinOp(left, _opposite(op), right)  # type: ignore[arg-type]
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=int() | float() as value):
            yield ast.Constant(value + 1)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield ast.IfExp(test, orelse, body)
        case ast.Return(value=ast.expr()):
            yield ast.Return(ast.Constant(None))
        case ast.Expr(value=ast.Call() | ast.Await()) | ast.AugAssign():
            yield ast.Pass()
        case ast.Break():
            yield ast.Continue()


def _opposite(op: ast.AST) -> ast.AST:
    return OPPOSITE[type(op)]()


def _replaced(text: str, node: ast.expr | ast.stmt, now: str) -> str:
    """Put `now` where the node stands; every other line keeps its number."""
    lines = text.encode().splitlines(keepends=True)
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    first, last = node.lineno - 1, node.end_lineno - 1
    before, after = lines[first][: node.col_offset], lines[last][node.end_col_offset :]
    filled = before + now.encode() + after
    return b"".join([*lines[:first], filled, *lines[last + 1 :]]).decode()
