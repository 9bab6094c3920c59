"""What pages are made of: there without session and feed, nothing inline or foreign, one text in each language."""

import re
from pathlib import Path

import msgspec
import pytest

from common.city.brand.brand import load_brand, use
from common.city.brand.look import contrast, rgb
from common.city.catalogue import load_catalogue
from common.messages.kind import ALARMS
from common.web.page_texts import catalogue
from hub.pages.texts import FOLDER, LANGUAGES, Language, texts
from offline_store.disk import tables as store_tables
from tests.hub.api.conftest import Stage, stage

DEPLOY = Path(__file__).parents[3] / "deploy"

__all__ = ["stage"]  # the fixture

PLACEHOLDER = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("page", ["/counter", "/board", "/manager"])
async def test_a_page_is_there_without_a_session_in_arabic_by_default(stage: Stage, page: str) -> None:
    answer = await stage.client.get(page)
    assert answer.status_code == 200
    assert '<html lang="ar" dir="rtl" ' in answer.text
    english = await stage.client.get(f"{page}?lang=en")
    assert '<html lang="en" dir="ltr" ' in english.text


@pytest.mark.parametrize("page", ["/counter", "/board", "/manager"])
async def test_nothing_is_inline_and_nothing_foreign(stage: Stage, page: str) -> None:
    answer = await stage.client.get(page)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*\bsrc=)", answer.text)
    assert not re.search(r"<style|\bstyle=|\bon\w+=", answer.text)
    loaded = re.findall(r'(?:src|href)="([^"]+)"', answer.text)
    assert all(address.startswith("/") for address in loaded)
    for address in loaded:
        assert (await stage.client.get(address)).status_code == 200


async def test_a_file_may_be_kept_for_ever_under_its_own_mark_only(stage: Stage) -> None:
    page = (await stage.client.get("/board")).text
    marked = next(address for address in re.findall(r'href="([^"]+)"', page) if "page.css?v=" in address)
    assert "immutable" in (await stage.client.get(marked)).headers["cache-control"]
    plain = await stage.client.get("/assets/page.css")
    assert plain.headers["cache-control"] == "no-cache"
    again = await stage.client.get("/assets/page.css", headers={"If-None-Match": plain.headers["etag"]})
    assert again.status_code == 304


async def test_every_module_that_a_page_loads_is_served_as_one(stage: Stage) -> None:
    seen, to_see = set[str](), ["counter.mjs", "board.mjs", "manager.mjs", "script.mjs"]
    while to_see:
        name = to_see.pop()
        answer = await stage.client.get(f"/assets/{name}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/javascript; charset=utf-8"), name
        seen.add(name)
        imported = re.findall(r'^import .* from "(\./|\.\./)([^"]+)";', answer.text, re.MULTILINE)
        folder = name.rpartition("/")[0]
        here = {"./": f"{folder}/" if folder else "", "../": ""}
        to_see += [here[step] + rest for step, rest in imported if here[step] + rest not in seen]
    assert {"live.mjs", "leading.mjs", "counter/presses.mjs", "counter/side.mjs"} <= seen


@pytest.mark.parametrize(
    "name", ["../serving.py", "page.css.bak", "", "%2e%2e/texts.py", "counter", "counter/../../serving.py"]
)
async def test_nothing_else_is_served_under_assets(stage: Stage, name: str) -> None:
    assert (await stage.client.get(f"/assets/{name}")).status_code == 404


def test_both_catalogues_hold_the_same_texts_with_the_same_values() -> None:
    arabic, english = texts("ar"), texts("en")
    assert list(arabic) == list(english)
    for text_id, said in arabic.items():
        values = [set(PLACEHOLDER.findall(str(one))) for one in (said, english[text_id])]
        assert values[0] == values[1], text_id
        assert isinstance(said, str) == isinstance(english[text_id], str), text_id


def test_every_text_is_said_somewhere_and_every_text_said_is_there() -> None:
    sources = [path.read_text() for folder in ("templates", "assets") for path in (FOLDER.parent / folder).rglob("*")
               if path.suffix in (".html", ".mjs")]  # fmt: skip
    source = "\n".join(sources)
    said = set(re.findall(r'\b(?:say|t)\("([a-z_.-]+)"', source)) | set(
        re.findall(r'"((?:counter|board|manager)\.[a-z_]+)"', source)
    )
    assert said <= set(texts("ar")), said - set(texts("ar"))
    composed = ("alarm.", "problem.", "priority.", "counter.state.", "manager.state.", "manager.count.")
    assert {f"alarm.{kind}" for kind in (*ALARMS, "on-battery-hub")} <= set(texts("ar"))
    unused = {one for one in texts("ar") if f'"{one}"' not in source and not one.startswith(composed)}
    assert {one for one in unused if not one.endswith(".title")} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_button_is_named_that_ends_a_number_whose_day_is_over(language: Language) -> None:
    """One that is only called has no other than `not here`."""
    said = texts(language)
    for button in ("done", "left", "not_here"):
        label = str(said[f"counter.{button}"]).removesuffix(" early")
        assert label.lower() in str(said["problem.day-over"])


def test_no_text_is_left_empty() -> None:
    for language in LANGUAGES:
        for message in catalogue(language, FOLDER):
            forms = (message.string,) if isinstance(message.string, str) else message.string or ("",)
            assert not message.id or all(form.strip() for form in forms), message.id


async def colours(stage: Stage) -> dict[str, str]:
    answer = await stage.client.get("/groups.css")
    assert answer.headers["content-type"].startswith("text/css")
    return dict(re.findall(r'\[data-group="(.)"\] \{ background: (#\w+); \}', answer.text))


async def test_groups_have_the_colours_of_the_kiosks_tiles_and_white_is_read_on_them(stage: Stage) -> None:
    found = await colours(stage)
    assert found == {letter: mark.colour for letter, mark in load_catalogue().marks.items()}
    assert all(contrast(rgb(colour), (1.0, 1.0, 1.0)) >= 7 for colour in found.values())
    assert 'href="/groups.css"' in (await stage.client.get("/board")).text


async def test_a_group_that_central_published_has_its_colour(stage: Stage) -> None:
    entry = {"mark": {"colour": "#4A2C6F", "sign": "hexagon"}}
    with stage.hall.hub.store.write() as connection:
        row = {"code": "group:K", "entry": msgspec.json.encode(entry).decode(), "position": 1}
        connection.execute(store_tables.catalogue.insert().values(row))
    assert (await colours(stage))["K"] == "#4A2C6F"


async def test_clocks_show_the_time_of_the_brands_zone(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ' data-zone="Asia/Damascus" data-region="SY"' in (await stage.client.get("/counter")).text
    monkeypatch.setattr("common.city.brand.brand._in_force", [])
    use(load_brand(DEPLOY / "brand" / "brand.toml"))
    for name in ("counter", "board", "manager"):
        assert ' data-zone="Asia/Amman"' in (await stage.client.get(f"/{name}")).text
    module = (await stage.client.get("/assets/live.mjs")).text
    assert "dataset.zone" in module
    assert "Asia/" not in module
