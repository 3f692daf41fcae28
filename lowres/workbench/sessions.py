"""What was said in a session and what it should have been understood as, kept as JSON lines: a regression suite to be replayed."""

import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from lowres.collection.events import Reading, now, read_off
from lowres.errors import LowresError, at, printable
from lowres.evaluation import Prediction
from lowres.formats.lines import read_numbered
from lowres.text import nfc
from lowres.utterance import Utterance

if TYPE_CHECKING:
    from lowres.reading import Reader

Outcome = Literal["same", "changed", "fixed", "broken"]
OUTCOMES: tuple[Outcome, ...] = ("broken", "fixed", "changed", "same")
MOST_TURNS, MOST_BYTES = 10_000, 1 << 26
_NAME = re.compile(r"[^\W_][\w -]{0,47}")
_SUFFIX = ".jsonl"
_ALLOWED = "letters, digits, spaces, hyphens and underscores, a letter or digit first, 48 at most"


class Turn(BaseModel):
    """Something said and what `adapter` answered; `expected` is how a person would have it read, None where nobody said so."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    at: str = Field(default_factory=now)
    locale: str = Field(min_length=2, max_length=64)
    adapter: str
    answered: Reading
    confidence: float = Field(ge=0, le=1)
    expected: Reading | None = None

    @model_validator(mode="after")
    def _fits(self):
        if self.expected and self.expected.text != self.answered.text:
            raise ValueError("expected: another text than the answered one")
        return self

    @property
    def text(self) -> str:
        """What was said."""
        return self.answered.text

    @property
    def right(self) -> bool | None:
        """Whether the answer was the expected one; None where nobody said what is expected."""
        return None if self.expected is None else labels_of(self.answered) == labels_of(self.expected)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A turn, and what is answered now; `broken`: it was right and is no longer, `fixed`: the other way round."""

    turn: Turn
    now: Reading
    confidence: float

    @property
    def outcome(self) -> Outcome:
        """`changed` is another answer of which nobody knows that it is better or worse."""
        before, same = self.turn.right, labels_of(self.now) == labels_of(self.turn.answered)
        right = self.turn.expected is not None and labels_of(self.now) == labels_of(self.turn.expected)
        if same:
            return "same"
        return "broken" if before else "fixed" if right else "changed"


def labels_of(reading: Reading) -> tuple[Any, ...]:
    """Intent and slots, all that a model can be right about."""
    return reading.intent, *((one.name, one.start, one.end) for one in reading.slots)


def turn_of(prediction: Prediction, adapter: str, expected: Utterance | None = None) -> Turn:
    """What was answered, as a turn of a session."""
    said = prediction.utterance
    wanted = read_off(expected) if expected else None
    return Turn(locale=said.locale, adapter=adapter, answered=read_off(said), confidence=prediction.confidence, expected=wanted)


# --- replaying


def replay(turns: Sequence[Turn], reader: "Reader") -> list[Replayed]:
    """Every turn said once more to an adapter, in order."""
    from lowres.reading import predict

    said = [Utterance(id=str(i), text=turn.text, locale=turn.locale) for i, turn in enumerate(turns)]
    answers = zip(turns, predict(reader, said), strict=True)
    return [Replayed(turn=turn, now=read_off(one.utterance), confidence=one.confidence) for turn, one in answers]


def count_outcomes(replayed: Iterable[Replayed]) -> dict[Outcome, int]:
    """How many there are of each, broken ones first."""
    found = Counter(one.outcome for one in replayed)
    return {outcome: found[outcome] for outcome in OUTCOMES}


def summary(reading: Reading) -> str:
    """Intent and slots in one line; each slot's text is isolated, whichever way it is written."""
    slots = (f"{one.name}: \u2068{one.surface}\u2069" for one in reading.slots)
    return " · ".join([reading.intent or "–", *slots])


def replayed_record(one: Replayed) -> dict[str, Any]:
    """A JSON object of what became of a turn."""
    turn = one.turn
    readings = {"expected": turn.expected, "then": turn.answered, "now": one.now}
    shown = {key: found.model_dump(mode="json", exclude={"text"}, exclude_none=True) if found else None for key, found in readings.items()}
    return {"text": turn.text, "outcome": one.outcome, **shown, "confidence": round(one.confidence, 4)}


def print_replay(path: Path, place: Path, *, json: bool) -> None:
    """Replay a session to the adapter of a run or package and print what became of it; LowresError where something right broke."""
    from lowres.workbench.talk import read_reader

    turns = read_session(path)
    found = replay(turns, read_reader(place))
    counts = count_outcomes(found)
    if json:
        record = {"session": path.stem, "adapter": str(place), "counts": counts, "turns": [replayed_record(one) for one in found]}
        print(dumps(record, ensure_ascii=False))
    else:
        print("\n".join([*(_pretty(one) for one in found if one.outcome != "same"), "\t".join(f"{key}\t{n}" for key, n in counts.items())]))
    if counts["broken"]:
        said = f"{counts['broken']} of {len(found)} utterances, right when they were said, are wrong now"
        raise LowresError(path.stem, said, "an adapter that still reads them, or a corrected session")


def _pretty(one: Replayed) -> str:
    expected = [f"  expected  {summary(one.turn.expected)}"] if one.turn.expected else []
    lines = [f"{one.outcome}: {one.turn.text}", *expected, f"  then      {summary(one.turn.answered)}", f"  now       {summary(one.now)}"]
    return "\n".join(map(printable, lines))


# --- files


def sessions_folder(runs: Path) -> Path:
    """Where sessions are: beside the runs."""
    return runs / "sessions"


def list_sessions(runs: Path) -> list[str]:
    """Names of the saved sessions, sorted."""
    names = (path.stem for path in sessions_folder(runs).glob(f"*{_SUFFIX}"))
    return sorted(name for name in names if _NAME.fullmatch(name))


def session_path(runs: Path, name: str) -> Path:
    """The file of a session; LowresError where the name cannot be one."""
    plain = " ".join(nfc(name).split())
    if not _NAME.fullmatch(plain):
        raise LowresError("name of a session", f"'{plain[:60]}'", _ALLOWED)
    return sessions_folder(runs) / f"{plain}{_SUFFIX}"


def find_session(runs: Path, name: str) -> Path:
    """The file at a path, else the saved session of that name."""
    path = Path(name)
    if path.suffix == _SUFFIX or path.is_file():
        return path
    found = session_path(runs, name)
    if not found.is_file():
        raise LowresError(f"session '{name}'", "not there", f"a file, or one of: {', '.join(list_sessions(runs)) or 'none yet'}")
    return found


def write_session(path: Path, turns: Sequence[Turn], *, replace: bool = False) -> None:
    """Write a session, whole or not at all; LowresError where there is one already that is not to be replaced."""
    if not turns:
        raise LowresError(path.stem, "nothing was said yet", "a session of one utterance at least")
    text = "".join(turn.model_dump_json(exclude_none=True) + "\n" for turn in turns)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = _written(path, text)
        try:
            os.replace(partial, path) if replace else os.link(partial, path)  # a link is never made over a file
        finally:
            partial.unlink(missing_ok=True)
    except FileExistsError:
        raise LowresError(f"session '{path.stem}'", "there is one of that name", "another name") from None
    except OSError as error:
        raise LowresError(path, f"cannot be written ({error.strerror or error})", "a disk with room that can be written") from None


def _written(path: Path, text: str) -> Path:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".session-")
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return Path(name)


def read_session(path: Path) -> list[Turn]:
    """The turns of a session; LowresError names the line that is none."""
    if path.is_file() and path.stat().st_size > MOST_BYTES:
        raise LowresError(path, f"{path.stat().st_size:,} bytes", f"{MOST_BYTES:,} at most")
    turns = [_parse_turn(line, at(path, number)) for number, line in read_numbered(path, normal=False)]
    if not 0 < len(turns) <= MOST_TURNS:
        raise LowresError(path, f"{len(turns):,} turns", f"1 to {MOST_TURNS:,}")
    return turns


def _parse_turn(line: str, where: str) -> Turn:
    try:
        return Turn.model_validate_json(line)
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        raise LowresError(where, f"{'.'.join(map(str, detail['loc'])) or 'turn'}: {detail['msg']}", "a line of a saved session") from None
