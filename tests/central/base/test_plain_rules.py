"""Cells that stay text, and hosts that a hub may have without anybody's word: by values alone."""

import pytest
from cryptography import x509
from openpyxl import Workbook

from central.base.permitted_hosts import is_zone, permits, subtrees
from central.base.plain_cells import append_plain, plain_csv


def test_what_a_spreadsheet_would_compute_stays_text() -> None:
    row = ["=1", "+1", "-1", "@x", "\tx", "\rx", "a=1", "", 5, None, -5]
    assert plain_csv(row) == ["'=1", "'+1", "'-1", "'@x", "'\tx", "'\rx", "a=1", "", 5, None, -5]
    sheet = Workbook().active
    for values in (["head"], ["=1", 5, None, "x"]):
        append_plain(sheet, values)
    assert [(cell.value, cell.data_type) for cell in sheet[2]] == [("=1", "s"), (5, "n"), (None, "n"), ("x", "s")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("centres.homs.example", True), ("homs.sy", True), ("sy", False), ("a.b", False), ("ab.c", True),
        (".homs.sy", False), ("homs.sy.", False), ("Homs.sy", False),
        (f"{'a' * 63}.sy", True), (f"{'a' * 64}.sy", False),
        (".".join(["a" * 62] * 4) + ".b", True), (".".join(["a" * 62] * 4) + ".bcd", False), ("", False),
    ],
)  # fmt: skip
def test_a_zone_has_two_labels_at_least(text: str, expected: bool) -> None:
    assert is_zone(text) is expected


@pytest.mark.parametrize(
    ("host", "without", "within"),
    [
        ("10.255.255.255", True, True), ("11.0.0.0", False, False), ("172.16.0.1", True, True),
        ("172.32.0.0", False, False), ("192.168.9.9", True, True), ("127.0.0.1", True, True), ("::1", True, True),
        ("fd12::1", True, True), ("fe80::1", False, False), ("localhost", True, True), ("x.localhost", True, True),
        ("hub.homs.example", False, True), ("homs.example", False, True), ("xhoms.example", False, False),
        ("homs.example.evil", False, False),
    ],
)  # fmt: skip
def test_a_hub_stands_in_a_private_network_or_under_the_zone(host: str, without: bool, within: bool) -> None:
    assert (permits(subtrees(None), host), permits(subtrees("homs.example"), host)) == (without, within)


def test_an_authority_without_a_zone_speaks_for_no_name_but_this_machine_s() -> None:
    names = [one.value for one in subtrees(None) if isinstance(one, x509.DNSName)]
    assert names == ["localhost"]
    assert [one.value for one in subtrees("a.b.c") if isinstance(one, x509.DNSName)] == ["localhost", "a.b.c"]
    assert len(subtrees(None)) == 7
