"""What operators do at central, drawn from a run's seed: see `office`."""

from collections.abc import Callable
from random import Random
from typing import Any, Final

from tests.town.hours import BEGINS_S, DAY_S, PHASES_S

WORLDS: Final = {
    "central-restored": 0.12,  # central is lost, and is as it was an hour, a morning or a night before
    "kiosk-replaced": 0.1,  # a kiosk is revoked and enrolled again, or a new one in its place
    "hub-replaced": 0.08,
    "refunds": 0.5,  # what is due at the end of a day is given back by two operators
}
STATES: Final = {"central-restored": 20, "kiosk-replaced": 20, "hub-replaced": 10, "refund-made": 20}
_AGES_S: Final = (600, 3600, 3600, 9000, DAY_S)
_HOWS: Final = ("again", "as a new machine", "where it stands")


def _restore(chance: Random, world: dict[str, Any]) -> list[dict[str, Any]]:
    at = chance.randrange(world["days"]) * DAY_S + chance.choice(PHASES_S) + chance.uniform(-30, world["rush"])
    copied = max(BEGINS_S - 600, at - chance.choice(_AGES_S))
    restored = {"do": "central-restored", "at": round(at, 1), "for": chance.choice((30, 300, 1800))}
    return [{"do": "central-copied", "at": round(copied, 1)}, restored]


def _replaced(kind: str) -> Callable[[Random, dict[str, Any]], list[dict[str, Any]]]:
    def acts(chance: Random, world: dict[str, Any]) -> list[dict[str, Any]]:
        on = f"{kind}-{1 + chance.randrange(world[f'{kind}s'])}"
        at = chance.randrange(world["days"]) * DAY_S + BEGINS_S + chance.uniform(100, 12_000)
        lasts = chance.choice((60, 400, 3000))
        return [{"do": "replaced", "at": round(at, 1), "on": on, "how": chance.choice(_HOWS), "for": lasts}]

    return acts


ACTS: Final = {
    "central-restored": _restore,
    "kiosk-replaced": _replaced("kiosk"),
    "hub-replaced": _replaced("hub"),
}
