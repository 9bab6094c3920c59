"""The authority for centres, which office PCs trust: it can speak for nothing but the city's own machines."""

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID

from central.keys.centre_ca import authority, certify, renew

ZONE = "centres.homs.example"
NOW = datetime.now(UTC)


def is_believed(folder: Path, host: str, zone: str | None = ZONE) -> bool:
    """Whether a client of OpenSSL that trusts the authority takes what it signs for `host`."""
    by = authority(folder, NOW, zone)
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    leaf = certify(by, key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo), "hub-1", host, NOW)
    (folder / "ca.crt").write_text(by.pem)
    (folder / "leaf.pem").write_bytes(leaf.public_bytes(Encoding.PEM))
    command = ["openssl", "verify", "-purpose", "sslserver", "-CAfile", "ca.crt", "leaf.pem"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0 or "permitted subtree violation" in done.stderr, done.stderr
    assert by.may_sign(host) is (done.returncode == 0)
    return done.returncode == 0


@pytest.mark.parametrize(
    "host", ["10.0.0.5", "172.31.255.255", "192.168.1.9", "fd12::1", "127.0.0.1", "::1", "localhost", f"hub.{ZONE}"]
)
def test_the_citys_own_hosts_are_believed(tmp_path: Path, host: str) -> None:
    assert is_believed(tmp_path, host)


@pytest.mark.parametrize(
    "host", ["www.bank.example", "homs.example", f"not{ZONE}", "8.8.8.8", "172.32.0.1", "fe80::1", "::ffff:8.8.8.8"]
)
def test_another_site_is_not_believed(tmp_path: Path, host: str) -> None:
    assert not is_believed(tmp_path, host)


def test_without_a_zone_no_name_is_believed(tmp_path: Path) -> None:
    assert not is_believed(tmp_path, f"hub.{ZONE}", None)


def test_it_is_critical_about_names_and_signs_for_servers_alone_for_five_years(tmp_path: Path) -> None:
    certificate = authority(tmp_path, NOW, ZONE).certificate
    assert certificate.extensions.get_extension_for_class(x509.NameConstraints).critical
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.SERVER_AUTH]
    assert certificate.not_valid_after_utc - NOW <= timedelta(days=5 * 366)


def test_a_renewed_one_keeps_its_key_and_takes_another_zone(tmp_path: Path) -> None:
    former = authority(tmp_path, NOW)
    later = NOW + timedelta(days=1500)
    renewed = renew(tmp_path, later, ZONE)
    assert renewed.key.public_key() == former.key.public_key()
    assert renewed.certificate.not_valid_after_utc > former.certificate.not_valid_after_utc
    assert (former.may_sign(f"hub.{ZONE}"), renewed.may_sign(f"hub.{ZONE}")) == (False, True)
    assert authority(tmp_path, later).pem == renewed.pem
