"""Dial: how a language tells the time, as a card declares it in its section `clock`."""

import re
from dataclasses import dataclass, field

from lowres.errors import LowresError, nearest
from lowres.settings import Document

PARTS = ("am", "pm", "morning", "afternoon", "evening", "night")
_PATTERNS = {  # key -> what its pattern may hold
    "hour": "hour next part", "half": "hour next part", "quarter": "hour next part", "quarter_to": "hour next part",
    "past": "hour next minute part", "to": "hour next minute part", "figures": "time part",
}  # fmt: skip
_FIELDS = re.compile(r"\{(\w*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial:
    """Patterns of clock times. {hour} is the hour in words, {next} the hour after it, {minute} the minutes past (in `to`:
    those left), {part} the part of the day, {time} the time in figures.

    Only `hour` is needed: `past` tells half and quarter hours where they have no pattern, and what is past the half where
    there is no `to`. `offset` is taken off the hour (6 where hours count from six in the morning). `hours` are the twelve
    hours in words from one on, where they differ from the numbers. `noon` and `midnight` are said as they stand.
    """

    hour: str
    half: str = ""
    quarter: str = ""
    quarter_to: str = ""
    past: str = ""
    to: str = ""
    figures: str = ""
    noon: str = ""
    midnight: str = ""
    offset: int = 0
    parts: dict[str, str] = field(default_factory=dict)
    hours: tuple[str, ...] = ()

    def pattern(self, minute: int) -> str:
        """The pattern of a time `minute` past the hour (0..59), '' where the card says none."""
        special = {0: self.hour, 15: self.quarter, 30: self.half, 45: self.quarter_to}.get(minute, "")
        return special or (self.to if minute > 30 else "") or self.past


def check_dial(dial: Dial, document: Document, key: str = "clock") -> None:
    """Raise LowresError with the line of the first thing that no time could be told by."""
    for name, allowed in _PATTERNS.items():
        pattern = getattr(dial, name)
        strange = [one for one in _FIELDS.findall(pattern) if one not in allowed.split()]
        if strange or "{" in _FIELDS.sub("", pattern) or "}" in _FIELDS.sub("", pattern):
            shown = " ".join(f"{{{one}}}" for one in allowed.split())
            raise LowresError(document.where(key, name), f"{key}.{name}: '{pattern}'", f"words and {shown}")
    if not dial.hour.strip():
        raise LowresError(document.where(key, "hour"), f"{key}.hour: no pattern", "such as '{hour} {part}'")
    unknown = next((part for part in dial.parts if part not in PARTS), None)
    if unknown is not None:
        raise LowresError(document.where(key, "parts", unknown), f"unknown key '{key}.parts.{unknown}'", nearest(unknown, PARTS))
    if dial.hours and (len(dial.hours) != 12 or not all(map(str.strip, dial.hours))):
        found = f"{len(dial.hours)} words{', some empty' if not all(map(str.strip, dial.hours)) else ''}"
        raise LowresError(document.where(key, "hours"), f"{key}.hours: {found}", "the twelve hours from one on")
    if not 0 <= dial.offset < 12:
        raise LowresError(document.where(key, "offset"), f"{key}.offset: {dial.offset}", "0 to 11 hours")
