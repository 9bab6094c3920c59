"""What is written for people who read the code is plain English: a few words that a reader stumbles over stay out."""

import re
import subprocess
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[2]
# What to write instead: again, from zero; anyone who, the person who; an invalid one; a name in `ticks` of Markdown.
AVOIDED = re.compile(
    r"\b(?:anew|whoever|whomever|thereof|that is none|that are none)\b|(?<!`)``\w[^`]*``(?!`)", re.IGNORECASE
)
WRITTEN = ("*.py", "*.mjs", "*.toml", "*.md", "*.service", "*.timer", "*.yml", "*.sh", "*.env.example", "*.conf")


def test_the_words_to_avoid_stand_nowhere() -> None:
    listed = subprocess.run(["git", "ls-files", "-z", *WRITTEN], cwd=ROOT, capture_output=True, text=True, check=True)
    found = []
    for name in filter(None, listed.stdout.split("\0")):
        if name == f"tests/deploy/{Path(__file__).name}" or not (ROOT / name).is_file():
            continue
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        found += [f"{name}:{number}: {line.strip()}" for number, line in enumerate(lines, 1) if AVOIDED.search(line)]
    assert found == []


def test_a_function_that_returns_something_says_so_by_one_verb() -> None:
    """`Say whether` and `Tell whether` stood for the same as `Return`."""
    verbs = re.compile(r'"""(?:Say|Tell) (?:whether|if) ')
    listed = subprocess.run(["git", "ls-files", "-z", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True)
    found = []
    for name in filter(None, listed.stdout.split("\0")):
        if not (ROOT / name).is_file() or name.startswith("tests/deploy/"):
            continue
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        heads = [(one, two) for one, two in pairwise(lines) if verbs.search(two)]
        found += [f"{name}: {two.strip()}" for one, two in heads if "-> None" not in one and "->" in one]
    assert found == []


# One Arabic word for one thing, as docs/glossary.md has it, and none that says something else in Syria.
ARABIC = {
    "الخادم الرئيسي": "الخادم المركزي", "الإدارة": "الخادم المركزي", "جهاز المركز": "خادم المركز",
    "خادم هذا المركز": "خادم المركز", "حاسوب النداء": "خادم المركز", "قارئ الرموز": "الماسح", "القارئ الضوئي": "الماسح",
    "قائمة المنتظرين": "قائمة الانتظار", "لائحة": "قائمة", "إنذار": "تنبيه", "كوّة": "كوة",
    "الكشك": "جهاز الأرقام", "الجهاز البديل": "الجهاز الاحتياطي", "قارئ هذا الجهاز": "ماسح هذا الجهاز",
    "رقم مساعدة": "خذ رقماً للاستعلامات",
    "كما في الساعة": "آخر خبر الساعة", "موقوف": "مؤجّل", "أوقفه مؤقتاً": "أجّله", "ًا": "اً",
}  # fmt: skip


def test_each_thing_has_one_arabic_word() -> None:
    files = ("*/locale/ar.po", "deploy/*.ar.md", "deploy/*.html")
    listed = subprocess.run(["git", "ls-files", "-z", *files], cwd=ROOT, capture_output=True, text=True, check=True)
    names = [name for name in filter(None, listed.stdout.split("\0")) if (ROOT / name).is_file()]
    assert len(names) > 8
    found = []
    for name in names:
        for number, line in enumerate((ROOT / name).read_text(encoding="utf-8").splitlines(), 1):
            found += [f"{name}:{number}: {word} (say {ARABIC[word]})" for word in ARABIC if word in line]
    assert found == []
