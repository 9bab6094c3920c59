"""Some mutants of a whole tree, drawn evenly: a file's lines are its chances."""

import random
from collections.abc import Sequence
from pathlib import Path

from tools.mutants.mutating import Mutant, mutants_of

Drawn = list[tuple[Path, Mutant]]


def every(tree: Path, modules: Sequence[Path], seed: int) -> Drawn:
    """Return all mutants of some modules, in an order that mixes the files."""
    drawn = [(module, mutant) for module in modules for mutant in mutants_of(_text(tree, module))]
    random.Random(seed).shuffle(drawn)
    return drawn


def sample(tree: Path, modules: Sequence[Path], count: int, seed: int) -> Drawn:
    """Return so many mutants of the modules, or all where there are fewer; the same seed draws the same ones."""
    chance = random.Random(seed)
    lines = {module: _text(tree, module).count("\n") for module in sorted(modules)}
    left: dict[Path, list[Mutant]] = {}
    drawn: Drawn = []
    while len(drawn) < count and (open_ones := [module for module in lines if left.get(module) != []]):
        module = chance.choices(open_ones, [lines[one] + 1 for one in open_ones])[0]
        if module not in left:
            left[module] = list(mutants_of(_text(tree, module)))
            chance.shuffle(left[module])
        if left[module]:
            drawn.append((module, left[module].pop()))
    return drawn


def _text(tree: Path, module: Path) -> str:
    return (tree / module).read_text(encoding="utf-8")
