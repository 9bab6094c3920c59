"""What a modem is sent, line by line and when, by a script of its answers; and what each of its lines says."""

import pytest

from devices.errors import DeviceFault, DeviceTimeout, DeviceUnavailable
from devices.modem.alphabet import digits_of, gsm_text, swapped, text_of
from devices.modem.answers import Stored, credit_in, is_whole, operator_in, reference_in, signal_in, sim_in, stored_in
from devices.modem.driver import GsmModem
from devices.modem.exchange import Exchange
from devices.modem.lines import LONGEST, LineAssembler
from devices.modem.messages import Handed, ModemStatus, NotHanded, PerhapsHanded, SimState
from devices.modem.pdu import submit
from devices.protocols import DeviceState
from tests.devices.hand_line import HandLine

NUMBER, TEXT = "+963944123456", "مرحبا"
UNIT, LENGTH = submit(NUMBER, TEXT, 3600.0)
SET_UP = ["AT", "ATE0", "AT+CMEE=1", "AT+CPIN?", "AT+CMGF=0", "AT+CNMI=2,1,0,1,0"]
ANSWERS = {
    "AT+CPIN?": "+CPIN: READY\r\nOK", "AT+CREG?": "+CREG: 0,1\r\nOK", "AT+COPS?": '+COPS: 0,0,"SYRIATEL"\r\nOK',
    "AT+CSQ": "+CSQ: 18,99\r\nOK", f"AT+CMGS={LENGTH}": "> ", UNIT: "+CMGS: 7\r\nOK",
}  # fmt: skip


class Modem:
    """Says to each line what the script says, else OK; a list is said one at a time, the last one again and again."""

    def __init__(self) -> None:
        self.answers: dict[str, str | list[str]] = dict(ANSWERS)
        self.unasked = b""
        self._buffer = b""

    def receive(self, data: bytes) -> bytes:
        said = b""
        for byte in data:
            if byte not in b"\r\x1a\x1b":
                self._buffer += bytes([byte])
                continue
            command, self._buffer = self._buffer.decode(), b""
            answer = self.answers.get(command, "OK") if command else ""
            if isinstance(answer, list):
                answer = answer.pop(0) if len(answer) > 1 else answer[0]
            said += answer.encode() if answer == "> " else f"\r\n{answer}\r\n".encode() if answer else b""
        return said

    def tick(self, now: float) -> bytes:
        del now
        said, self.unasked = self.unasked, b""
        return said


def _modem() -> tuple[GsmModem, HandLine, Modem]:
    simulator = Modem()
    line = HandLine(simulator)
    return GsmModem(line, credit_code="*100#", clock=line.clock, sleep=line.sleep), line, simulator


def _sent(line: HandLine) -> list[str]:
    told = [data.decode().rstrip("\r") for _, data in line.sent]
    line.sent.clear()
    return told


def test_a_message_is_one_command_and_its_text_once_the_modem_is_set_up() -> None:
    modem, line, _ = _modem()
    assert modem.send(NUMBER, TEXT, 3600.0) == Handed(7)
    assert _sent(line) == [*SET_UP, f"AT+CMGS={LENGTH}", f"{UNIT}\x1a"]
    assert modem.send(NUMBER, TEXT, 3600.0) == Handed(7)
    assert _sent(line) == [f"AT+CMGS={LENGTH}", f"{UNIT}\x1a"]
    assert modem.status() == ModemStatus(DeviceState.ONLINE, SimState.READY, True, "SYRIATEL", -77, "")
    assert _sent(line) == ["AT+CREG?", "AT+COPS?", "AT+CSQ"]
    assert line.now == 0.0
    modem.close()
    assert line.is_closed


def test_after_a_fault_it_is_set_up_once_more_and_what_it_need_not_know_costs_nothing() -> None:
    modem, line, simulator = _modem()
    simulator.answers |= {f"AT+CMGS={LENGTH}": ["ERROR", "> "], "AT+COPS?": "ERROR", "AT+CSQ": "+CME ERROR: 3"}
    assert modem.send(NUMBER, TEXT, 3600.0) == NotHanded("error")
    assert _sent(line) == [*SET_UP, f"AT+CMGS={LENGTH}"]
    assert modem.send(NUMBER, TEXT, 3600.0) == Handed(7)
    assert _sent(line) == [*SET_UP, f"AT+CMGS={LENGTH}", f"{UNIT}\x1a"]
    assert modem.status() == ModemStatus(DeviceState.ONLINE, SimState.READY, True, "", None, "")
    simulator.answers["AT+CREG?"] = ["+CME ERROR: 100", "+CREG: 0,3\r\nOK"]
    assert modem.status() == ModemStatus(DeviceState.HARDWARE_ERROR, SimState.READY, detail="cme-100")
    _sent(line)
    assert modem.status() == ModemStatus(DeviceState.ONLINE, SimState.READY, False, "", None, "no-network")
    assert _sent(line) == [*SET_UP, "AT+CREG?", "AT+COPS?", "AT+CSQ"]


def test_a_silent_modem_is_asked_three_times_for_a_word_of_a_second_each() -> None:
    modem, line, _ = _modem()
    line.is_silent = True
    assert modem.status() == ModemStatus(DeviceState.OFFLINE)
    assert [(at, data) for at, data in line.sent if data != b"\x1b"] == [(float(n), b"AT\r") for n in range(3)]
    assert [at for at, data in line.sent if data == b"\x1b"] == [3.0]
    assert line.now == pytest.approx(3.5)
    line.is_gone = True
    assert modem.status() == ModemStatus(DeviceState.NO_DEVICE)
    assert modem.send(NUMBER, TEXT, 3600.0) == NotHanded("gone")


def test_an_answer_that_does_not_come_is_waited_for_only_so_long() -> None:
    modem, line, simulator = _modem()
    simulator.answers[UNIT] = ""
    assert modem.send(NUMBER, TEXT, 3600.0) == PerhapsHanded("no-answer")
    assert line.now == pytest.approx(35.5)
    simulator.answers[UNIT] = "+CMGS: 256\r\nOK"
    assert modem.send(NUMBER, TEXT, 3600.0) == PerhapsHanded("no-reference")


@pytest.mark.parametrize(
    ("answers", "reason", "looks"),
    [
        (["+CME ERROR: 14", "+CME ERROR: 14", "+CPIN: READY\r\nOK"], "", 3),
        (["+CME ERROR: 14"], "sim-unknown", 5),
        (["+CME ERROR: 10"], "sim-missing", 1),
        (["+CMS ERROR: 310"], "sim-missing", 1),
        (["+CME ERROR: 12"], "sim-locked", 1),
        (["+CME ERROR: 13"], "sim-unknown", 1),
        (["+CPIN: SIM PUK\r\nOK"], "sim-locked", 1),
        (["+CPIN: SIM PIN\r\nOK"], "sim-pin", 1),
    ],
)
def test_a_card_that_starts_is_looked_at_again_each_second(answers: list[str], reason: str, looks: int) -> None:
    modem, line, simulator = _modem()
    simulator.answers["AT+CPIN?"] = answers
    sent = modem.send(NUMBER, TEXT, 3600.0)
    assert sent == (NotHanded(reason) if reason else Handed(7))
    assert _sent(line).count("AT+CPIN?") == looks
    assert line.now == pytest.approx(looks - 1 if looks < 5 else 5)


def test_another_maker_s_indications_are_asked_for_where_the_usual_ones_are_refused() -> None:
    modem, line, simulator = _modem()
    simulator.answers["AT+CNMI=2,1,0,1,0"] = "+CMS ERROR: 303"
    assert modem.send(NUMBER, TEXT, 3600.0) == Handed(7)
    assert _sent(line)[:7] == [*SET_UP, "AT+CNMI=2,1,0,2,0"]
    simulator.answers["AT+CNMI=2,1,0,2,0"] = "ERROR"
    assert modem.send(NUMBER, TEXT, 3600.0) == Handed(7), "without any, reports are read from the memory"


def test_a_report_in_the_middle_of_an_answer_is_kept_and_no_line_of_it() -> None:
    simulator = Modem()
    line = HandLine(simulator)
    exchange = Exchange(line, line.clock, line.sleep)
    simulator.answers["AT+CREG?"] = "+CREG: 0,1\r\n+CDS: 25\r\n0006AB\r\nOK"
    assert exchange.ask("AT+CREG?") == ["+CREG: 0,1"]
    assert list(exchange.units) == ["0006AB"]
    simulator.unasked = b"\r\nRING\r\n\r\n+CDS: 25\r\n\r\n0006CD\r\n"
    exchange.listen()
    assert list(exchange.units) == ["0006AB", "0006CD"]
    simulator.answers["AT"] = "COMMAND NOT SUPPORT"
    with pytest.raises(DeviceFault) as fault:
        exchange.ask("AT")
    assert fault.value.code == "error"
    exchange.within(2.0)
    simulator.answers["AT"] = ""
    for ends in (2.0, 2.0):
        with pytest.raises(DeviceTimeout):
            exchange.ask("AT", 9.0)
        assert line.now == pytest.approx(ends)
    line.is_gone = True
    with pytest.raises(DeviceUnavailable):
        exchange.listen()


def test_lines_of_any_length_are_put_together_and_one_that_is_too_long_is_dropped_once() -> None:
    for cut in (1, 7, 5000):
        assembler = LineAssembler()
        data = b"\r\nOK\r\n> " + b"y" * LONGEST + b"\r" + b"x" * (LONGEST + 9) + b"\r\n\r\nRING\n"
        found = [line for at in range(0, len(data), cut) for line in assembler.feed(data[at : at + cut])]
        assert found == ["OK", "> ", "y" * LONGEST, "RING"]
        assert assembler.dropped == 1
    assembler.feed(b"half")
    assembler.reset()
    assert assembler.feed(b"\xff\r") == ["\N{REPLACEMENT CHARACTER}"]


def test_what_each_line_of_an_answer_says() -> None:
    assert [reference_in([line]) for line in ("+CMGS: 0", "+CMGS:255,1", "+CMGS: 256", "+CMGS: x", "")] == [
        0, 255, None, None, None,
    ]  # fmt: skip
    assert [signal_in([f"+CSQ: {n},99"]) for n in (0, 1, 31, 32, 99)] == [-113, -111, -51, None, None]
    assert (operator_in(["x", '+COPS: 0,0,"Syria\x00tel "']), operator_in(["+COPS: 0"])) == ("Syriatel", "")
    words = ("READY", "SIM PIN", "SIM PUK", "SIM PIN2", "SIM PUK2", "PH-SIM PIN", "PH-NET PIN", "NONE")
    states = [sim_in([f"+CPIN: {word}"]) for word in words]
    assert states == [SimState.READY, SimState.PIN, *[SimState.LOCKED] * 5, SimState.UNKNOWN]
    assert sim_in([]) is SimState.UNKNOWN
    listed = ["+CMGL: 3,1,,24", "00AA", "^RSSI:18", "+CMGL: 12,1,,24", "^RSSI:19", "00BB", "+CMGL: 4,1,,24"]
    assert stored_in(listed) == [Stored(3, "00AA"), Stored(12, "00BB")]
    assert [is_whole(lines) for lines in ([], ['"a"'], ['"a', "b"], ['"a', 'b"'])] == [True, True, False, True]
    assert credit_in(['+CUSD: 0,"0041",72']) == "A"
    assert credit_in(['+CUSD: 0,"0041",15']) == "0041"
    assert credit_in(['+CUSD: 0,"004",72']) == ""
    assert credit_in(["x"]) == ""
    assert credit_in([f'+CUSD: 0,"{"a" * 200}"']) == "a" * 160


def test_letters_of_the_gsm_alphabet_by_septets() -> None:
    packed = sum(septet << 7 * place for place, septet in enumerate((0x1B, 0x65, 0x41, 0x1B, 0x7F, 0x1B)))
    data = packed.to_bytes(6, "little")
    assert gsm_text(data, 6) == "€A\N{REPLACEMENT CHARACTER}"
    assert gsm_text(data, 3) == "€A"
    assert gsm_text(data, 6, 2) == "A\N{REPLACEMENT CHARACTER}"
    assert gsm_text(b"\x41", 9) == "A"
    codings = {0x00: "h", 0x04: "", 0x08: "\u6800", 0x0C: "h", 0x7F: "h", 0x88: "h", 0xC0: "h", 0xD8: "h",
               0xE8: "\u6800", 0xF0: "h", 0xF4: ""}  # fmt: skip
    assert {
        coding: text_of(b"\x68\x00", 1 if said == "h" else 2, coding) for coding, said in codings.items()
    } == codings
    assert (swapped("12"), swapped("123"), digits_of(b"\x21\xf3", 3)) == (b"\x21", b"\x21\xf3", "123")
    assert digits_of(b"\xba\xdc\xfe", 6) == "*#abc\x00"
