"""How certificates of a centre are made: names, extensions, and a builder that both who sign them begin with."""

import ipaddress

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID


def common_name(text: str) -> x509.Name:
    """Return a name of one part, cut to what a certificate may hold."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:64])])


def general_name(host: str) -> x509.GeneralName:
    """Return a host as a certificate names it."""
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def begin(subject: x509.Name, key: ec.EllipticCurvePublicKey, issuer: x509.Name) -> x509.CertificateBuilder:
    """Begin a certificate of a key that serves TLS, itself or by those that it signs."""
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    )


def of_host(builder: x509.CertificateBuilder, host: str) -> x509.CertificateBuilder:
    """Say which host it is for; such a one signs no other."""
    return builder.add_extension(x509.SubjectAlternativeName([general_name(host)]), critical=False).add_extension(
        x509.BasicConstraints(ca=False, path_length=None), critical=True
    )
