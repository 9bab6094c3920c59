"""A report calls services as the kiosks of its centre do, whatever was published for whom."""

import json
from typing import Any

from central.feed import Audience
from central.publishing.in_force import service_names
from central.publishing.publication import publish
from common.city.catalogue import load_catalogue
from tests.central.conftest import Stage


async def names_of(stage: Stage, code: str) -> dict[str, str]:
    async with stage.engine.connect() as connection:
        return (await service_names(connection, "homs-main"))[code]


async def published(stage: Stage, name: str, audience: Audience) -> None:
    entry: dict[str, Any] = {"code": "civil-affairs", "names": {"ar": name, "en": name}}
    async with stage.engine.begin() as connection:
        await publish(connection, "catalogue", json.dumps({"services": [entry]}).encode(), stage.ring, audience)


async def test_where_nothing_was_published_it_is_the_catalogue_that_kiosks_bring(stage: Stage) -> None:
    await stage.enrolled()
    assert await names_of(stage, "civil-affairs") == load_catalogue().names("civil-affairs")
    assert await names_of(stage, "cashier") == load_catalogue().names("cashier")


async def test_the_newest_that_the_centres_kiosks_hear_counts_also_where_an_older_one_was_theirs_alone(
    stage: Stage,
) -> None:
    await stage.enrolled()
    await published(stage, "Old of this centre", Audience("homs-main"))
    await published(stage, "New for all", Audience())
    assert (await names_of(stage, "civil-affairs"))["en"] == "New for all"
    assert await names_of(stage, "clearance") == load_catalogue().names("clearance")
