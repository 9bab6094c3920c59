"""The TLS certificate that kiosks meet: nginx has it, central only reads when it ends."""

from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography import x509

CERTIFICATE: Final = Path("/etc/central/tls/fullchain.pem")


def ends_at(path: Path) -> datetime:
    """Return when the first certificate of a PEM file ends. Raises OSError or ValueError."""
    return x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc
