"""A fourth kind of device, a payment terminal, in a copy of the tree: so few places have to know it, and no other."""

from pathlib import Path

import pytest

from tests.tools.scaffolds.copied_tree import CopiedTree
from tools.scaffolds.tree import ROOT

TEMPLATES = ROOT / "tools" / "scaffolds" / "templates" / "kind"
CONFIG, REPORT = "kiosk/settings/sections.py", "kiosk/peripherals/report.py"
REGISTRY, SUPERVISOR = "devices/registry.py", "kiosk/peripherals/supervisor.py"
NAMES = {"ar": "جهاز الدفع", "en": "Payment terminal"}


@pytest.fixture
def tree(tmp_path: Path) -> CopiedTree:
    return CopiedTree(tmp_path)


def test_a_payment_terminal_is_a_row_in_each_table_and_then_a_device_like_the_others(tree: CopiedTree) -> None:
    folder = tree.path / "devices/payment_terminal"
    folder.mkdir()
    (folder / "__init__.py").write_text('"""Payment terminals."""\n')
    (folder / "driver.py").write_text((TEMPLATES / "driver.py.txt").read_text())
    imports = "from devices.protocols import CardReader"
    tree.edit(REGISTRY, imports, f"from devices.payment_terminal.driver import Terminal\n{imports}")
    row = '    "card_reader": CARD_READERS,\n'
    tree.edit(REGISTRY, row, f'{row}    "payment_terminal": {{"simulated": Terminal}},\n')
    known = '    "card_reader": (("magstripe", "rdm6300", "pn532", "crt591"), ()),\n'
    tree.edit(CONFIG, known, f'{known}    "payment_terminal": (("simulated",), ()),\n')
    section = "    card_reader: ReaderSection | None = None\n"
    tree.edit(CONFIG, section, f"{section}    payment_terminal: ReaderSection | None = None\n")
    member = '    CARD_READER = "card_reader"\n'
    tree.edit(REPORT, member, f'{member}    PAYMENT_TERMINAL = "payment_terminal"\n')
    table, last = "SUPERVISORS: Final", "ScannerSupervisor, CardSupervisor)"
    tree.edit(SUPERVISOR, table, f"{(TEMPLATES / 'supervisor.txt').read_text()}{table}")
    tree.edit(SUPERVISOR, last, "ScannerSupervisor, CardSupervisor, TerminalSupervisor)")
    topic = 'msgid "maintenance.topic.touch"\n'
    for language, name in NAMES.items():
        said = f'msgid "maintenance.topic.payment_terminal"\nmsgstr "{name}"\n\n{topic}'
        tree.edit(f"kiosk/locale/{language}.po", topic, said)
    own = tree.path / "tests/kiosk/peripherals/test_payment_terminal.py"
    own.write_text((TEMPLATES / "test.py.txt").read_text())
    tree.is_tidy()
    places = (
        "tests/kiosk/settings/test_config.py",
        "tests/kiosk/maintenance/test_session.py",
        "tests/kiosk/peripherals",
    )
    passed = tree.tests(*places)
    assert passed.returncode == 0, passed.stdout
