"""A statement is compiled once only where its SQL says all of it."""

import pytest
from sqlalchemy import bindparam, literal_column, select

from offline_store.disk import tables
from offline_store.disk.sql import precompiled

_alarm = tables.alarms.c


def test_a_statement_keeps_the_names_of_what_is_given_later() -> None:
    query = select(_alarm.code).where(_alarm.code == bindparam("code"), _alarm.detail != literal_column("''"))
    assert " ".join(precompiled(query).split()) == (
        "SELECT alarms.code FROM alarms WHERE alarms.code = :code AND alarms.detail != ''"
    )


def test_a_statement_that_holds_a_value_is_refused() -> None:
    with pytest.raises(ValueError, match="the SQL would lack the values of code_1"):
        precompiled(select(_alarm.code).where(_alarm.code == "clock"))
    with pytest.raises(ValueError, match="the SQL would lack the values of param_1"):
        precompiled(select(_alarm.code).limit(literal_column("1")))  # SQLite's limit brings an offset along
