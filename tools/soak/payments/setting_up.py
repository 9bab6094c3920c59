"""What central needs to pay by a played wallet or bank: its file of payments, with the secrets beside it."""

import base64
from pathlib import Path

from demo.payments.biller import Biller
from demo.payments.wallet import Wallet


def write_settings(folder: Path, wallet: Wallet, biller: Biller, biller_url: str) -> Path:
    """Write the payments file and its secrets; return the file. They are called `wallet`, `bank` and `water`."""
    secrets = {"agent": wallet.agent, "secret": base64.b64encode(wallet.key).decode(), "token": biller.token}
    for name, text in secrets.items():
        (folder / name).write_text(text, encoding="ascii")
        (folder / name).chmod(0o600)
    made = folder / "payments.toml"
    made.write_text(
        f'pound = "new"\n[payers.wallet]\nkind = "shamcash"\nurl = "{wallet.url}"\nagent_key_file = "agent"\n'
        f'secret_key_file = "secret"\n[payers.bank]\nkind = "emv-static"\nscheme = "sy.gov.example"\naccount = "0001"\n'
        f'merchant = "HOMS"\ncity = "HOMS"\n'
        f'[billers.water]\nkind = "http"\nurl = "{biller_url}"\ntoken_file = "token"\n',
        encoding="utf-8",
    )
    return made
