"""The names in certificates: what they say, and how long they may be."""

import pytest
from cryptography.x509.oid import NameOID

from common.web.certificate import common_name


@pytest.mark.parametrize("text", ["hub of homs-main", "m" * 64])
def test_a_certificate_names_its_owner(text: str) -> None:
    assert [(part.oid, part.value) for part in common_name(text)] == [(NameOID.COMMON_NAME, text)]


def test_a_name_is_cut_to_what_a_certificate_may_hold() -> None:
    assert common_name("m" * 65) == common_name("m" * 64)
