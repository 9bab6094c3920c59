"""What a run of the demo says at its end, in lines and as plain values."""

from pathlib import Path

from demo.people.citizen import Seen
from demo.people.technician import Maintained
from demo.summary import Summary

NOTHING = ["Numbers given: none", "Orders: none", "Called at the counter: none", "Applied at central: 0 of 0"]


def test_a_run_in_which_nothing_happened_says_so() -> None:
    assert Summary(Path("run")).text.splitlines() == [*NOTHING, "All of it: run"]


def test_a_fault_says_what_the_citizen_saw_with_the_first_texts_of_each_screen() -> None:
    seen = Seen(screens=["start", "out"], texts={"out": ["a", "b", "c", "d"]}, pictures=[Path("1.png")], receipt="R1")
    summary = Summary(
        Path("run"), "store.full", ["A1001", "A1002"], ["t1", "t2"], ["o1"], ["accepted"], ["t1", "o1"], ["A1001"],
        seen=seen, papers=[Path("p.png")], stopped_page=Path("stopped.html"), written="ready",
    )  # fmt: skip
    assert summary.text.splitlines() == [
        "Fault: store.full; the citizen saw: start > out",
        "  out: a · b · c",
        "Numbers given: A1001, A1002",
        "Orders: accepted",
        "Called at the counter: A1001",
        "Applied at central: 2 of 3",
        "Stopped for a while, and seen outside: stopped.html",
        "Paid by the telephone, and entered: R1",
        "Written to the owner of an order: ready",
        "Paper: p.png",
        "Screen: 1.png",
        "All of it: run",
    ]
    plain = summary.as_dict()
    assert (plain["folder"], plain["seen"]["pictures"], plain["technician"]) == ("run", ["1.png"], None)
    assert Summary(Path("run"), "store.full").text.startswith("Fault: store.full; the citizen saw: the window\n")


def test_a_technician_s_work_is_told_and_their_pictures_come_last() -> None:
    done = Maintained(wrong_pins=1, test_page="good", exported=Path("x"), imported={"new": 2, "known": 1},
                      out_and_back=True, paper_steps=["open", "new"], pictures=[Path("2.png")])  # fmt: skip
    lines = Summary(Path("run"), technician=done, seen=Seen(pictures=[Path("1.png")])).text.splitlines()
    assert lines == [
        *NOTHING,
        "Technician: 1 wrong PIN, then in; paper: open, new",
        "Test page: good; out of service and back: yes",
        "Exported: x; central took from it: 1 known, 2 new",
        "Screen: 1.png",
        "Screen: 2.png",
        "All of it: run",
    ]
    empty = Maintained().lines
    assert empty[0].endswith("paper: not changed")
    assert empty[1].endswith("back: no")
    assert empty[2].endswith("took from it: nothing")
