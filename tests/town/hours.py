"""The hours of a town's day, in seconds of the run, and what its centre does in them."""

from typing import Final

DAY_S: Final = 86_400.0
BEGINS_S: Final = 1800.0  # 08:00; a run begins at 07:30
PHASES_S: Final = (BEGINS_S + 60, BEGINS_S + 9000, BEGINS_S + 16_200)  # people come at 08:01, 10:30 and 12:30
HEALED_S: Final = BEGINS_S + 12_600  # by half past eleven all is mended, in runs that are
PHASE_S: Final = 160.0
ENDS_S: Final = BEGINS_S + 6 * 3600  # 14:00
SERVICES: Final = {"civil-affairs": "A", "clearance": "B", "water-bill": "C"}
