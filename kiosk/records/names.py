"""The names of what lies twice in the data folder, so that nobody has to know its owner to mend it."""

from typing import Final

ENROLMENT: Final = "enrolment.json"
KEYS: Final = "keys"  # a folder
SETTINGS: Final = "changed-here.json"
TAKEN_OUT: Final = "out-of-service.json"
TRIPS: Final = "trips.json"
RESULTS: Final = "device-tests.json"
