"""The services that tickets name, as far as a queue needs them: names and the queue that each waits in."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection

from common.city.catalogue import Service, load_catalogue
from common.city.groups import GroupMark, Words
from offline_store.feed.catalogue import published

DEFAULT_MINUTES: Final = 5.0
"""How long one takes at a counter, before that was measured."""


def known_services(connection: Connection) -> Mapping[str, Service]:
    """Read the shipped catalogue with central's entries laid over it, by code, as the kiosks do.

    A kiosk that has not heard of an entry yet goes on giving numbers by the shipped one, so that is known too where the
    entry cannot be read.
    """
    known = {**load_catalogue().known, **load_catalogue(published(connection)).known}
    return {code: service for code, service in known.items() if service.queue}


def group_marks(connection: Connection) -> Mapping[str, GroupMark]:
    """Return what each group is known by besides its letter."""
    return load_catalogue(published(connection)).marks


def queue_names(connection: Connection) -> Mapping[str, Words]:
    """Return what the queues are called by letter: the groups' names, and those of desks. A letter may have none."""
    known = load_catalogue(published(connection))
    desks = {desk.queue: desk.names for desk in known.desks.values()}
    return desks | {letter: names for letter, names in known.groups.items() if len(letter) == 1}
