from pathlib import Path

import pytest
from jinja2 import UndefinedError

from common.web.templates import template


def test_what_is_told_is_escaped_and_a_name_that_nobody_gave_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "line.html").write_text("<b>{{ said }}</b>")
    (tmp_path / "page.html").write_text('{% include "line.html" %}\n')
    assert template(tmp_path / "page.html").render(said="<i>") == "<b>&lt;i&gt;</b>"
    assert template(tmp_path / "page.html") is template(tmp_path / "page.html")
    with pytest.raises(UndefinedError):
        template(tmp_path / "page.html").render()
