"""The cluster's files as `fill` writes them: whole, without a password where everybody reads, and never half filled."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]

CLUSTER = Path(__file__).parents[3] / "deploy" / "cluster"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cluster")
    settings, secrets = CLUSTER / "settings.example", folder / "secrets"
    subprocess.run([CLUSTER / "make-secrets", settings, secrets], check=True)
    subprocess.run([CLUSTER / "fill", "b", settings, secrets, folder / "root"], check=True)
    return folder


def test_every_file_is_filled_and_passwords_are_nowhere_that_everybody_reads(filled: Path) -> None:
    passwords = re.findall(r"=(.+)", (filled / "secrets" / "passwords").read_text())
    assert len(passwords) == 6
    files = [path for path in (filled / "root").rglob("*") if path.is_file()]
    assert len(files) > 12
    for path in files:
        text = path.read_text()
        assert not re.search(r"\$\{", text), path
        if any(password in text for password in passwords) or "PRIVATE KEY" in text:
            assert path.stat().st_mode & 0o007 == 0, path


def test_the_settings_that_were_proven_are_in_them(filled: Path) -> None:
    root = filled / "root" / "etc"
    patroni = yaml.safe_load((root / "patroni/config.yml").read_text())
    first = patroni["bootstrap"]["dcs"]
    assert (first["synchronous_mode"], first["synchronous_mode_strict"]) == ("quorum", True)
    assert patroni["postgresql"]["remove_data_directory_on_rewind_failure"] is True
    assert all(line.startswith(("local", "hostssl")) for line in patroni["postgresql"]["pg_hba"])
    haproxy = (root / "haproxy/haproxy.cfg").read_text()
    assert re.search(r"^    retries 0$", haproxy, re.MULTILINE)
    assert "on-marked-down shutdown-sessions" in haproxy
    etcd = yaml.safe_load((root / "etcd/central.yml").read_text())
    assert etcd["peer-transport-security"]["client-cert-auth"] is True


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["z", "settings.example", "secrets"], "no machine 'z'"),
        (["a", "missing", "secrets"], "No such file"),
        (["a", "settings.example"], "usage"),
    ],
)
def test_a_wrong_word_is_a_sentence(filled: Path, words: list[str], said: str) -> None:
    given = [str(CLUSTER / word) if word == "settings.example" else word for word in words]
    done = subprocess.run([CLUSTER / "fill", *given], cwd=filled, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
