"""Single fields: what their shape lets through is what their readers take."""

from typing import Any

import msgspec
import pytest

from common.city import catalogue
from common.protocol import field, setting_values


@pytest.mark.parametrize("kind", [field.TimeOfDay, catalogue.TimeOfDay, setting_values.Time])
@pytest.mark.parametrize("text", ["1٢:00", "10:3۰", "2२:00"])
def test_a_time_in_digits_of_two_scripts_is_refused_before_somebody_reads_it(kind: Any, text: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(text, kind)
