"""The poster leads to the centre's page: its QR is read off the paper."""

import subprocess
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from tests.central.commands.people.test_access import refused, rows

URL = "https://central.example"


@pytest.fixture
def central(tmp_path: Path) -> Path:
    table = tmp_path / "centres.csv"
    table.write_text("code,name_ar,name_en,kiosks\nhoms-main,مركز حمص الرئيسي,Homs main centre,1\n", encoding="utf-8")
    rows(tmp_path / "data", "centres", "add", str(table))
    return tmp_path


def test_its_qr_leads_to_the_centres_page(central: Path) -> None:
    made = central / "poster.pdf"
    words = ("poster", "--centre", "homs-main", "--out", str(made), "--public-url", URL, "--json")
    assert rows(central / "data", *words) == [{"file": str(made), "address": f"{URL}/centres/homs-main"}]
    subprocess.run(["pdftoppm", "-r", "110", "-png", made, central / "page"], check=True)
    (page,) = sorted(central.glob("page*.png"))
    with Image.open(page) as picture:
        (code,) = zxingcpp.read_barcodes(picture)
        assert picture.height > picture.width
    assert code.text == f"{URL}/centres/homs-main"
    said = subprocess.run(["pdftotext", made, "-"], check=True, capture_output=True, text=True).stdout
    assert "Homs main centre" in said
    assert "central.example/centres/homs-main" in said


def test_without_an_address_or_a_centre_there_is_no_poster(central: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CENTRAL_PUBLIC_URL", raising=False)
    out = str(central / "poster.pdf")
    assert "--public-url" in refused(central / "data", "poster", "--centre", "homs-main", "--out", out)
    said = refused(central / "data", "poster", "--centre", "homs-mian", "--out", out, "--public-url", URL)
    assert "there is no centre 'homs-mian'" in said
    assert not Path(out).exists()
