"""The three programs that are installed, each as a pair of packages: the program of one version, and all around it."""

from dataclasses import dataclass
from typing import Final

FEATURES: Final = "features"


@dataclass(frozen=True)
class Part:
    """One program: `homs-NAME` with its units and tools, `homs-NAME-VERSION` with its environment."""

    name: str
    packages: tuple[str, ...]
    """The folders of this project that belong to it, as paths; of one inside another that one's own files come too."""
    lock: str
    """The locked, hashed list of the libraries that it needs."""
    units: tuple[str, ...]
    """Patterns of its units in deploy/systemd."""
    rooms: tuple[str, ...]
    """Which rooms of each feature belong to it; what a feature has for all stands outside its rooms."""
    from_debian: tuple[str, ...] = ()
    """Libraries of the list that a machine has from Debian: its package depends on theirs, and building needs them."""

    @property
    def package(self) -> str:
        """The package with units, tools and dependencies."""
        return f"homs-{self.name}"

    def has(self, file: str) -> bool:
        """Return whether a file of this project, by its path, belongs to it."""
        top, *below = file.split("/")
        if top == FEATURES:
            return len(below) < 3 or below[1] in self.rooms
        outer = {one.rpartition("/")[0] for one in self.packages if "/" in one}
        return file.rpartition("/")[0] in outer or any(file.startswith(f"{one}/") for one in self.packages)

    def release(self, version: str) -> str:
        """Return the folder of one version on the machine where it is installed."""
        return f"/opt/{self.name}/releases/{version}"


PLAIN: Final = ("board",)
"""Packages without a program of ours: files that go somewhere, as their recipe in deploy/packages says."""

# A kiosk serves no web: what needs uvicorn stays with hub and central.
_COMMON_TO_ALL: Final = ("common/protocol", "common/machine", "common/city")
# Of devices only this one: printers and readers need libraries that hub and central lack.
_MODEM: Final = "devices/modem"
PARTS: Final = (
    Part(
        "kiosk",
        ("kiosk", "devices", "screens", "offline_store", *_COMMON_TO_ALL),
        "requirements.lock",
        ("kiosk*",),
        ("kiosk", "screens"),
        ("kivy",),
    ),
    Part("hub", ("hub", "offline_store", "common", _MODEM), "requirements-hub.lock", ("hub*",), ("hub",)),
    Part("central", ("central", "common", _MODEM), "requirements-central.lock", ("central*",), ("central",)),
)
