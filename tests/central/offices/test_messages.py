"""The page of messages says of each day and kind what the month's report says of the month, and names no number."""

import re
from datetime import UTC, date, datetime

from sqlalchemy import insert, select, update

from central.base import clock
from central.base.tables import people
from central.base.tables.messages import message_counts
from central.base.tables.messages import told as messages
from central.insight import written
from central.insight.reports.month import count_month
from central.insight.written import Written
from central.offices import operators, sessions
from central.offices.integrations import systems
from central.offices.operators import Operator, Role
from central.offices.retention.keeping import keep
from tests.central.conftest import Stage
from tests.central.offices import posted

CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)


async def as_one(stage: Stage, role: Role = "reader", centres: tuple[str, ...] = ()) -> dict[str, str]:
    async with stage.engine.begin() as connection:
        await operators.appoint(connection, "Rana", role, list(centres))
        token = await sessions.begin(connection, Operator("Rana", role))
    return {"Cookie": f"offices-session={token}; offices-language=en"}


async def lay_down(stage: Stage) -> None:
    async with stage.engine.begin() as connection:
        await connection.execute(insert(messages), posted.month())


async def shown(stage: Stage, who: dict[str, str], **query: str) -> tuple[str, list[list[str]]]:
    """Return the page and its rows' cells, heads among them."""
    answer = await stage.client.get("/offices/messages", params={"month": posted.MONTH} | query, headers=who)
    assert answer.status_code == 200, answer.text
    rows = re.findall(r"<tr>(.*?)</tr>", answer.text, re.DOTALL)
    return answer.text, [[re.sub(r"<[^>]+>", "", cell).strip() for cell in CELL.findall(row)] for row in rows]


async def test_all_of_a_month_by_kind_and_by_day_with_what_it_cost(stage: Stage) -> None:
    await lay_down(stage)
    text, rows = await shown(stage, await as_one(stage))
    days_head = next(number for number, one in enumerate(rows) if one[0] == "Day")
    _, *kinds, whole = rows[:days_head]
    assert kinds == [
        ["No service at the appointment", "1", "0", "0", "0", "0", "0", "1.50 new Syrian pounds"],
        ["Turn is near", "0", "0", "0", "1", "1", "0", "1.50 new Syrian pounds"],
        ["Order ready", "5", "3", "1", "0", "0", "1", "10.50 new Syrian pounds"],
        ["Service works again", "1", "0", "0", "0", "0", "0", "–"],
    ]
    assert whole == ["All", "7", "3", "1", "1", "1", "1", "13.50 new Syrian pounds"]
    before = "Wednesday 25 November"
    assert rows[rows.index(whole) + 2 :] == [
        ["Thursday 26 November", "Order ready", "1", "0", "0", "0", "0", "1", "3 new Syrian pounds"],
        [before, "No service at the appointment", "1", "0", "0", "0", "0", "0", "1.50 new Syrian pounds"],
        [before, "Turn is near", "0", "0", "0", "1", "1", "0", "1.50 new Syrian pounds"],
        [before, "Order ready", "4", "3", "1", "0", "0", "0", "7.50 new Syrian pounds"],
        [before, "Service works again", "1", "0", "0", "0", "0", "0", "–"],
    ]
    assert "2 messages wait now, the oldest since 2026/11/26 21:30." in text, "also of another month"


async def test_the_page_and_the_report_count_the_same(stage: Stage) -> None:
    await lay_down(stage)
    month = await count_month(stage.engine, "homs-main", posted.MONTH)
    async with stage.engine.connect() as connection:
        by_day = await written.by_day(connection, date(2026, 11, 1), date(2026, 11, 30), ["homs-main"])
    assert month.messages == written.by_kind(by_day)
    assert month.messages == {
        "near": Written({"dropped": 1, "unknown": 1}, 150),
        "order-ready": Written({"delivered": 3, "failed": 1, "handed": 2, "waiting": 1}, 1050),
    }


async def test_where_nothing_went_nothing_is_counted(stage: Stage) -> None:
    async with stage.engine.begin() as connection:
        await written.keep_counts(connection, [])
    assert await stage.all(select(message_counts)) == []


async def test_figures_stay_whole_when_retention_takes_the_messages(stage: Stage) -> None:
    await lay_down(stage)
    who = await as_one(stage)

    async def figures() -> tuple[list[list[str]], dict[str, Written]]:
        _, rows = await shown(stage, who)
        return rows, (await count_month(stage.engine, "homs-main", posted.MONTH)).messages

    async with stage.engine.begin() as connection:  # what waits is never sent once it is over its time
        await connection.execute(update(messages).where(messages.c.state == "waiting").values(state="dropped"))
    before, rows = await figures(), len(await stage.all(select(messages.c.id)))
    for days in (0, -400):  # of a part, then of all
        clock_days = (clock.now() - datetime(2026, 11, 26, tzinfo=UTC)).days + days
        await keep(stage.engine, "messages", clock_days, really=True, operator="Rana")
        assert await figures() == before
    left = await stage.all(select(messages.c.id))
    assert len(left) < rows
    assert sum(row.n for row in await stage.all(select(message_counts.c.n))) == rows - len(left)
    columns = {column.name for column in message_counts.columns}
    assert columns == {"day", "kind", "channel", "centre", "state", "n", "cost"}, "of nobody"


async def test_nobody_sees_more_than_his_centres_and_nothing_of_no_centre(stage: Stage) -> None:
    await lay_down(stage)
    who = await as_one(stage, "manager", ("homs-new",))
    for asked in ("", "homs-main", "homs-new", "nowhere"):
        text, rows = await shown(stage, who, centre=asked)
        assert "Service works again" in text
        assert [one for one in rows if one[0] in ("Order ready", "No service at the appointment")] == []
        assert "No message waits." in text
        assert "homs-main" not in text


async def test_a_centre_that_is_gone_shows_its_operator_nothing_rather_than_all(stage: Stage) -> None:
    await lay_down(stage)
    who = await as_one(stage, "manager", ("homs-new",))
    async with stage.engine.begin() as connection:
        own = people.operators.c.name == "Rana"
        await connection.execute(update(people.operators).where(own).values(centres='["gone"]'))
    text, rows = await shown(stage, who)
    assert rows == []
    assert "No message waits." in text


async def test_no_number_text_or_id_is_on_the_page(stage: Stage) -> None:
    await lay_down(stage)
    text, _ = await shown(stage, await as_one(stage, "administrator"))
    rows = posted.month()
    for secret in (posted.NUMBER_MARK, *(str(one["about"]) for one in rows), *(str(one["id"]) for one in rows)):
        assert secret not in text


async def test_by_which_channels_they_go_or_that_there_is_none(stage: Stage) -> None:
    who = await as_one(stage)
    text, _ = await shown(stage, who)
    assert "No channel is set up" in text
    async with stage.engine.begin() as connection:
        await systems.give(connection, "app", "order-states", None)
    text, _ = await shown(stage, who)
    assert "No channel is set up" not in text
    assert re.search(r"They go out by:\s*<bdi>the app</bdi>", text)


async def test_what_is_no_month_is_said_and_the_one_that_runs_is_shown_first(stage: Stage) -> None:
    who = await as_one(stage)
    for wrong in ("2026-13", "x", "2026-11-25"):
        answer = await stage.client.get("/offices/messages", params={"month": wrong}, headers=who)
        assert (answer.status_code, f'value="{wrong.replace("-", "/")}"' in answer.text) == (422, True)
        assert "Type year/month, such as 2026/12." in answer.text
    assert (await stage.client.get("/offices/messages", headers=who)).status_code == 200
