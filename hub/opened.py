"""An open hub for one command: settings, identity, store and clock, put together."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from common.machine.clock import SystemClock
from common.machine.errors import ConfigError
from hub.delivery.enrolment import load_enrolment
from hub.engine.act import FOLLOWING, LEADING, Hub
from hub.engine.opening import open_hub
from hub.settings import HubConfig, load
from offline_store.identity import machine_hash
from offline_store.opening import open_store_in


class OpenHub(NamedTuple):
    """The hub of this machine, open."""

    hub: Hub
    config: HubConfig
    clock: SystemClock


@contextlib.contextmanager
def opened(path: Path, *, data_dir: Path | None = None, serves: bool = False) -> Iterator[OpenHub]:
    """Open this machine's hub, or a copy of it in `data_dir`; `serves` only for the process that serves it.

    Raises:
        ConfigError: the settings are wrong, or of another centre than this hub's.
        NotEnrolled: it is no hub yet.
        StoreError: the store does not work.
    """
    config = load(path, data_dir)
    enrolment = load_enrolment(config.data_dir)
    if config.hub.centre != enrolment.centre:
        raise ConfigError(
            f'hub.centre is "{config.hub.centre}"; right would be "{enrolment.centre}", for which this hub is enrolled'
        )
    clock = SystemClock()
    with open_store_in(config.data_dir, enrolment.identity, stamp=clock.now(), machine=machine_hash()) as store:
        clock.trusted = store.trusted_time
        role = LEADING if enrolment.term else FOLLOWING
        yield OpenHub(open_hub(store, clock, term=enrolment.term, role=role, serves=serves), config, clock)
