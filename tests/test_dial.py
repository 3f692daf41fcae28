"""How a card declares its clock, and what it is told when no time could be told by it."""

from pathlib import Path

import pytest

from lowres.dial import Dial
from lowres.errors import LowresError
from lowres.language import read_card

CARD = (Path(__file__).parent / "fixtures" / "qaa" / "languages" / "qaa" / "card.yaml").read_text(encoding="utf-8")


def card_with(folder: Path, clock: str) -> Path:
    path = folder / "qaa" / "card.yaml"
    path.parent.mkdir()
    path.write_text(f"{CARD}clock:\n{clock}", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("minute", "pattern"), [(0, "hour"), (15, "past"), (30, "half"), (20, "past"), (40, "to"), (45, "to")]
)
def test_the_nearest_pattern_tells_a_time(minute, pattern):
    assert Dial(hour="hour", half="half", past="past", to="to").pattern(minute) == pattern
    assert Dial(hour="hour", past="past").pattern(minute) == ("past" if minute else "hour")
    assert Dial(hour="hour").pattern(minute) == ("" if minute else "hour")


def test_a_card_declares_its_clock(tmp_path):
    dial = read_card(card_with(tmp_path, '  hour: "{hour} ru {part}"\n  offset: 6\n  parts: {am: ma}\n')).clock
    assert dial == Dial(hour="{hour} ru {part}", offset=6, parts={"am": "ma"})


@pytest.mark.parametrize(
    ("clock", "part"),
    [
        ('  hour: "{minute} ru"\n', "clock.hour: '{minute} ru'; words and {hour} {next} {part}"),
        ('  hour: "{hour"\n', "clock.hour: '{hour'"),
        ('  hour: " "\n', "clock.hour: no pattern"),
        ('  half: "{hour}"\n', "the key 'hour' is missing"),
        ('  hour: "{hour}"\n  past: "{rest}"\n', "clock.past: '{rest}'; words and {hour} {next} {minute} {part}"),
        ('  hour: "{hour}"\n  parts: {dawn: ma}\n', "unknown key 'clock.parts.dawn'"),
        ('  hour: "{hour}"\n  hours: [un, do]\n', "clock.hours: 2 words; the twelve hours"),
        (f'  hour: "{{hour}}"\n  hours: [{"un, " * 11}""]\n', "clock.hours: 12 words, some empty; the twelve hours"),
        ('  hour: "{hour}"\n  offset: 13\n', "clock.offset: 13"),
        ('  hour: "{hour}"\n  huors: [un]\n', "unknown key 'clock.huors'; did you mean 'hours'?"),
    ],
)
def test_what_tells_no_time_is_one_line_of_the_card(tmp_path, clock, part):
    path = card_with(tmp_path, clock)
    with pytest.raises(LowresError) as caught:
        read_card(path)
    assert part in str(caught.value) and str(caught.value).startswith(f"{path}:") and "\n" not in str(caught.value)
