"""The payments file: what is wrong is said by name, and nothing starts without a pound or with an open secret."""

from pathlib import Path

import pytest

from central.payments import settings
from common.machine.errors import ConfigError
from tests.central.payments.conftest import secret

GOOD = 'pound = "new"\n[payers.w]\nkind = "shamcash"\nsecret_key_file = "s"\n'


def loaded(folder: Path, text: str) -> settings.PaymentsSettings:
    path = folder / "payments.toml"
    path.write_text(text, encoding="utf-8")
    return settings.load(path)


def test_with_a_pound_and_closed_secrets_payments_start(tmp_path: Path) -> None:
    secret(tmp_path / "s", "x")
    assert loaded(tmp_path, GOOD).why_not is None


def test_without_a_pound_they_do_not(tmp_path: Path) -> None:
    secret(tmp_path / "s", "x")
    why = loaded(tmp_path, GOOD.partition("\n")[2]).why_not
    assert why is not None
    assert 'pound = "new"' in why


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_with_a_secret_that_others_may_read_they_do_not(tmp_path: Path, mode: int) -> None:
    secret(tmp_path / "s", "CANARY")
    (tmp_path / "s").chmod(mode)
    why = loaded(tmp_path, GOOD).why_not
    assert why is not None
    assert "chmod 0600" in why
    assert "CANARY" not in why
    with pytest.raises(ConfigError, match="chmod"):
        settings.secret(tmp_path / "s")


def test_a_secret_that_is_not_there_is_named(tmp_path: Path) -> None:
    why = loaded(tmp_path, GOOD).why_not
    assert why is not None
    assert str(tmp_path / "s") in why


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('pound = "middle"\n', "pound"),
        ("pounds = 1\n", "pounds"),
        ("[payers.w]\nurl = 'x'\n", "payers.w"),
        ("[billers.'W W']\nkind = 'http'\n", "billers"),
        ("pound = \n", "not valid TOML"),
    ],
)
def test_what_is_wrong_is_said_by_name(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(ConfigError, match=named):
        loaded(tmp_path, text)
