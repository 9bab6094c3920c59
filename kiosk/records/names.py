"""The names of what lies twice in the data folder, so that nobody has to know its owner to mend it."""

from typing import Final

from offline_store.feed.told import FILE as SAID
from offline_store.identity import ENROLMENT, KEYS

__all__ = ["ENROLMENT", "KEYS", "RESULTS", "SAID", "SETTINGS", "TAKEN_OUT", "TRIPS"]

SETTINGS: Final = "changed-here.json"
TAKEN_OUT: Final = "out-of-service.json"
TRIPS: Final = "trips.json"
RESULTS: Final = "device-tests.json"
