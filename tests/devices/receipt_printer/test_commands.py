"""Each command as the reference lays it out, and as long as the simulator's table says."""

import pytest

from devices.receipt_printer import commands

BUILT = {
    commands.real_time_status(4): "100404",
    commands.motion_units(203): "1d50cbcb",
    commands.area(576): "1d4c00001d574002",
    commands.margin(300): "1d4c2c01",
    commands.feed(0): "",
    commands.feed(255): "1b4aff",
    commands.feed(513): "1b4aff1b4aff1b4a03",
    commands.character_size(1, 8): "1d2107",
    commands.character_size(3, 2): "1d2121",
    commands.emphasized(on=True): "1b4501",
    commands.emphasized(on=False): "1b4500",
    commands.raster(2, 3, b"abcdef"): "1d763000" + "02000300" + "616263646566",
    commands.raster(0x102, 1, b"x" * 0x102, doubled=True): "1d763003" + "02010100" + "78" * 0x102,
    commands.qr("x", 5): "1d286b0400314132001d286b030031" + "43051d286b0300314531" + "1d286b040031503078"
    "1d286b0300315130",
    commands.process_id(b"ABCD"): "1d2848060030304142" + "4344",
    commands.print_graphic(b"AB", lasting=True): "1d284c060030454142" + "0101",
    commands.print_graphic(b"AB", lasting=False): "1d284c060030554142" + "0101",
    commands.define_graphic(b"AB", 16, 2, b"wxyz", lasting=True): "1d284c0f00" + "30433041420110000200317778797a",
    commands.define_graphic(b"AB", 8, 0xFFF4, b"x" * 0xFFF4, lasting=False): "1d284cffff" + "305330414201"
    + "0800f4ff31" + "78" * 0xFFF4,
    commands.define_graphic(b"AB", 8, 0xFFF5, b"x" * 0xFFF5, lasting=False): "1d384c00000100" + "305330414201"
    + "0800f5ff31" + "78" * 0xFFF5,
}  # fmt: skip
FIXED = [
    commands.INITIALIZE, commands.CENTRE, commands.SMOOTH, commands.PAGE_437, commands.FULL_CUT, commands.PARTIAL_CUT,
    commands.PAPER_STATUS, commands.SERIAL_NUMBER, commands.RECOVER_AND_GO_ON, commands.CANCEL_JOB,
    commands.AUTOMATIC_STATUS_ON, commands.NV_KEYS, commands.RAM_ROOM, commands.ACKNOWLEDGE, b"\n",
]  # fmt: skip


@pytest.mark.parametrize("built", BUILT, ids=lambda built: built[:6].hex())
def test_a_command_is_laid_out_as_in_the_reference(built: bytes) -> None:
    assert built.hex() == BUILT[built]


@pytest.mark.parametrize("sent", [*BUILT, *FIXED], ids=lambda sent: sent[:6].hex())
def test_the_table_knows_where_a_command_ends(sent: bytes) -> None:
    at = 0
    while at < len(sent):
        prefix = next(one for one in commands.LENGTHS if sent.startswith(one, at))
        count, more = commands.LENGTHS[prefix]
        parameters = sent[at + len(prefix) : at + len(prefix) + count]
        assert len(parameters) == count
        at += len(prefix) + count + more(parameters)
    assert at == len(sent)
