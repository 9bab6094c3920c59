"""`central centre-ca` prints the one file by which office PCs trust every hub."""

from pathlib import Path

from tests.central.commands.test_cli import result, run


def test_the_hubs_authority_is_printed_whole_and_the_same_each_time(tmp_path: Path) -> None:
    first, again = (run(tmp_path / "central", "centre-ca") for _ in range(2))
    assert (first.returncode, first.stderr, again.stdout) == (0, "", first.stdout)
    assert first.stdout.startswith("-----BEGIN CERTIFICATE-----\n")
    assert first.stdout.endswith("\n-----END CERTIFICATE-----\n")
    assert result(tmp_path / "central", "centre-ca", "--json") == {"pem": first.stdout}
