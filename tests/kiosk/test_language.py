import re
import shutil
import string
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Message
from babel.messages.plurals import get_plural

from common.feature import locales
from kiosk.desk.outcome import Outcome
from kiosk.language import FOLDER, Language, LanguageError, catalogue
from kiosk.prompts.ui import OutReason, Priority, Trouble
from kiosk.settings.sections import DRAFTS, LANGUAGES, KioskSection

AR, EN = Language("ar"), Language("en")


def messages(code: str) -> dict[str, Message]:
    found = [message for message in catalogue(code) if message.id]
    return {message.id if isinstance(message.id, str) else message.id[0]: message for message in found}


def forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_catalogue_has_the_same_texts(code: str) -> None:
    assert set(messages(code)) == set(messages("ar"))


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_text_is_empty_or_named_twice(code: str) -> None:
    assert [key for key, message in messages(code).items() if not all(map(str.strip, forms(message)))] == []
    files = [folder / f"{code}.po" for folder in (FOLDER, *locales("kiosk"))]
    keys = [key for file in files for key in re.findall(r'^msgid "(.+)"$', file.read_text("utf-8"), re.MULTILINE)]
    assert sorted(keys) == sorted(set(keys))


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_counted_text_has_every_plural_form(code: str) -> None:
    """As many as Babel knows for the language (CLDR): six in Arabic, two in English."""
    counted = [message for message in messages(code).values() if not isinstance(message.id, str)]
    assert counted
    assert {len(forms(message)) for message in counted} == {get_plural(code).num_plurals}


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_fills_in_the_same_values(code: str) -> None:
    arabic = messages("ar")
    for key, message in messages(code).items():
        # A form for one, two or none may say the number in words.
        ours = set().union(*map(placeholders, forms(message)))
        theirs = set().union(*map(placeholders, forms(arabic[key])))
        assert ours - {"app"} == theirs - {"app"}, key  # the app's name is the brand's, and may stand in any text


def test_each_language_names_itself_and_knows_its_direction() -> None:
    assert (AR.own_name, AR.direction) == ("العربية", "rtl")
    assert (EN.own_name, EN.direction) == ("English", "ltr")


def test_arabic_texts_are_in_arabic_letters_and_western_digits() -> None:
    for key, message in messages("ar").items():
        text = re.sub(r"\{\w+\}", "", "".join(forms(message)))
        assert not re.search("[٠-٩]", text), key
        if not key.startswith("maintenance") and text.strip(" ،.:"):
            assert re.search("[ء-ي]", text), key


def test_no_arabic_text_holds_a_date_or_range_that_would_be_turned_round() -> None:
    for key, message in messages("ar").items():
        assert not re.search(r"\d\s*-\s*\d|\}\s*-\s*\{", "".join(forms(message))), key


def test_every_value_has_its_words() -> None:
    needed = {f"outcome.{outcome.value}{end}" for outcome in Outcome for end in ("", "_do")}
    needed |= {f"fault.{trouble.value}" for trouble in Trouble}
    needed |= {f"out.{reason.value}" for reason in OutReason}
    needed |= {f"priority.{priority.value}" for priority in Priority}
    assert needed - set(messages("ar")) == set()


def test_every_text_that_the_programme_names_exists() -> None:
    root = FOLDER.parent.parent
    known = messages("ar")
    groups = {key.split(".")[0] for key in known}
    files = [file for part in ("kiosk", "screens", "features") for file in (root / part).rglob("*.py")]
    named = {
        key
        for file in files
        for key in re.findall(
            r'(?:Text|say|say_fixed|repeat_fixed|text)\(\s*"([a-z_]+\.[a-z_.]+)"', file.read_text("utf-8")
        )
        if key.split(".")[0] in groups
    }
    assert len(named) > 40
    assert named - set(known) == set()


@pytest.mark.parametrize(
    ("n", "arabic"),
    [
        (0, "لا أحد قبلك"),
        (1, "شخص واحد قبلك"),
        (2, "شخصان قبلك"),
        (3, "3 أشخاص قبلك"),
        (10, "10 أشخاص قبلك"),
        (11, "11 شخصاً قبلك"),
        (99, "99 شخصاً قبلك"),
        (100, "100 شخص قبلك"),
        (102, "102 شخص قبلك"),
        (103, "103 أشخاص قبلك"),
    ],
)
def test_arabic_counts_in_six_forms(n: int, arabic: str) -> None:
    assert AR.text("ticket.people_before", n=n) == arabic


def test_english_counts_in_two_forms() -> None:
    assert EN.text("ticket.people_before", n=1) == "1 person before you"
    assert EN.text("ticket.people_before", n=0) == "0 people before you"


def test_dates_are_written_with_slashes() -> None:
    moment = datetime(2026, 11, 24, 9, 5, tzinfo=ZoneInfo("Asia/Damascus"))
    assert AR.date(moment.date()) == EN.date(moment.date()) == "2026/11/24"
    assert AR.date_time(moment) == "2026/11/24 09:05"


def test_a_day_is_named_as_in_syria() -> None:
    assert AR.text("closed.opens_on", day=date(2026, 11, 26), opens="08:00") == (
        "يبدأ الدوام يوم الخميس 26 تشرين الثاني الساعة 08:00"
    )
    assert EN.day(date(2026, 11, 26)) == "Thursday 26 November"
    months = [AR.day(date(2026, month, 1)).split(" 1 ")[1] for month in range(1, 13)]
    assert months == [
        "كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران",
        "تموز", "آب", "أيلول", "تشرين الأول", "تشرين الثاني", "كانون الأول",
    ]  # fmt: skip


def test_a_value_by_language_gives_its_text_in_this_one() -> None:
    centre = {"ar": "المركز الرئيسي", "en": "Main centre"}
    assert AR.text("result.collect_at", centre=centre) == "الاستلام من: المركز الرئيسي"
    assert EN.text("result.collect_at", centre=centre) == "Collect at: Main centre"
    assert EN.words({"ar": "المركز"}) == "المركز"
    assert EN.words({"fr": "Le centre", "ar": "المركز"}) == "المركز"


def test_a_number_with_parts_keeps_its_order_in_an_arabic_line() -> None:
    assert AR.left_to_right("031-2456789") == "\u200e031-2456789"
    assert EN.left_to_right("031-2456789") == "031-2456789"


def test_what_is_missing_is_named() -> None:
    with pytest.raises(LanguageError, match=r"ar\.po has no text 'start\.nonsense'"):
        AR.text("start.nonsense")
    with pytest.raises(LanguageError, match="number"):
        AR.text("voided.title")
    assert AR.has("start.title")
    assert not AR.has("start.nonsense")


def test_a_value_is_never_taken_for_a_placeholder() -> None:
    assert "{0.__class__}" in EN.text("voided.title", number="{0.__class__}")


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00", b"msgid broken"])
def test_a_catalogue_that_cannot_be_read_is_said_so(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "ar.po").write_bytes(content)
    with pytest.raises(LanguageError, match=r"ar\.po can't be read"):
        Language("ar", tmp_path)


def test_directions() -> None:
    assert (AR.direction, EN.direction) == ("rtl", "ltr")
    assert (AR.own_name, EN.own_name) == ("العربية", "English")


@pytest.mark.parametrize("code", DRAFTS)
def test_a_draft_has_no_text_of_its_own_and_fills_in_the_same_values(code: str) -> None:
    whole, draft = messages("en"), messages(code)
    assert draft
    assert draft.keys() < whole.keys()
    for key, message in draft.items():
        assert placeholders(" ".join(forms(message))) == placeholders(" ".join(forms(whole[key]))), key


def test_a_draft_says_the_rest_in_arabic_text_by_text() -> None:
    draft = Language("ku")
    assert draft.text("common.back") == "Paş"
    assert not draft.has("strip.battery_minutes")
    rest = draft.text("strip.battery_minutes", n=3)
    assert rest == f"\u2067{AR.text('strip.battery_minutes', n=3)}\u2069"  # kept together in a line from the left
    with pytest.raises(LanguageError, match="no text"):
        draft.text("common.nothing_like_it")


def test_a_draft_needs_no_row_but_its_own(tmp_path: Path) -> None:
    shutil.copy(FOLDER / "ar.po", tmp_path)
    (tmp_path / "tr.po").write_text('msgid ""\nmsgstr "Language: tr\\n"\n\nmsgid "common.back"\nmsgstr "Geri"\n')
    draft = Language("tr", tmp_path)
    assert draft.text("common.back") == "Geri"
    assert AR.text("strip.battery_minutes", n=3) in draft.text("strip.battery_minutes", n=3)


def test_no_kiosk_speaks_a_draft_unless_its_settings_say_so() -> None:
    assert set(DRAFTS).isdisjoint(LANGUAGES)
    assert set(KioskSection(centre="homs-main").languages) == set(LANGUAGES)
