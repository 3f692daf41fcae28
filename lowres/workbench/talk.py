"""Talking to a run's model: an utterance checked, then read by the adapter and by the base without it."""

import json
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lowres.errors import LowresError
from lowres.evaluation import Prediction
from lowres.stages.talk import adapter_folder
from lowres.text import nfc, words
from lowres.utterance import Utterance
from lowres.workbench.runs import find_recipe, read_scores

if TYPE_CHECKING:
    from lowres.reading import Reader

LONGEST = 500  # characters
_TURNING = frozenset(
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)  # joiners are letters to some scripts; these never are


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """The adapter, and the base alone where it can answer; `why_no_base` says why it cannot."""

    adapter: "Reader"
    base: "Reader | None"
    why_no_base: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What both say of one utterance, and what the adapter's dictionary says of each of its words."""

    adapter: Prediction
    base: Prediction | None
    glosses: tuple[tuple[str, tuple[str, ...]], ...]


def parse_said(text: str, locale: str) -> Utterance:
    """The utterance that somebody typed; raises LowresError where it is none."""
    plain = " ".join(nfc(text).split())
    if len(plain) > LONGEST:
        raise LowresError("your utterance", f"{len(plain):,} characters", f"at most {LONGEST}")
    strange = next((char for char in plain if unicodedata.category(char) in ("Cc", "Cs")), None)
    if strange is not None:
        raise LowresError("your utterance", f"the character U+{ord(strange):04X}", "characters that can be read")
    if not any(unicodedata.category(char)[0] in "LNSP" for char in plain):
        raise LowresError("your utterance", "no word", "something that can be said")
    turning = next((char for char in plain if char in _TURNING), None)
    if turning is not None:
        name = unicodedata.name(turning).lower()
        raise LowresError(
            "your utterance",
            f"the invisible U+{ord(turning):04X} ({name})",
            "the words alone, typed rather than pasted",
        )
    return Utterance(id="said", text=plain, locale=locale)


def adapter_file(folder: Path) -> Path:
    """The file that is written last of a run's adapter."""
    return adapter_folder(folder) / "lowres.json"


def read_readers(folder: Path) -> Readers:
    """A run's adapter and its base; raises LowresError where the adapter is not made or cannot be read."""
    from lowres.adapter import read_adapter

    if not adapter_file(folder).is_file():
        raise LowresError(
            folder,
            "no adapter yet",
            f"make one: lowres adapt {find_recipe(folder) or folder.name} --runs {folder.parent}",
        )
    recipe = find_recipe(folder)
    base_from = recipe.parent if recipe else None
    try:
        base, why = _read_base(folder, base_from)
        return Readers(adapter=read_adapter(adapter_folder(folder), base_from=base_from), base=base, why_no_base=why)
    except LowresError:
        raise
    except Exception as error:  # torch, peft and safetensors have kinds of their own for a broken file
        found = f"the adapter cannot be read ({type(error).__name__})"
        raise LowresError(adapter_folder(folder), found, "make it again: lowres adapt RECIPE --force") from error


def _read_base(folder: Path, base_from: Path | None) -> "tuple[Reader | None, str]":
    """The model of the source language: what the control trained, else the base where it has heads of its own."""
    from lowres.adapter import SETTINGS_FILE, read_adapter
    from lowres.model import base_labels, read_base

    trained = folder / "control" / "source" / "adapter"
    if (trained / SETTINGS_FILE).is_file():
        return read_adapter(trained, base_from=base_from), ""
    name = json.loads((adapter_folder(folder) / SETTINGS_FILE).read_text(encoding="utf-8"))["base"]
    if not base_labels(name, base_from).intents:
        return None, f"{name} knows no intents of its own, and the run's control stage is not made"
    model, pieces, labels = read_base(name, folder=base_from)
    return Reader(model, pieces, labels), ""


def read_said(readers: Readers, said: Utterance) -> Reading:
    """Intent, slots and confidence, with and without the adapter."""
    from lowres.reading import predict

    glosser = readers.adapter.glosser
    glosses = tuple((word, glosser.gloss(word)) for word in words(said.text)) if glosser else ()
    base = predict(readers.base, [said])[0] if readers.base else None
    return Reading(adapter=predict(readers.adapter, [said])[0], base=base, glosses=glosses)


def threshold_of(folder: Path) -> float | None:
    """The confidence below which the run's report would refuse an utterance; None where it chose none."""
    found = next((report.rejection for report in read_scores(folder) if report.rejection), None)
    return found.threshold if found else None


def example_said(folder: Path) -> str:
    """A human utterance of the run's test, else ''."""
    examples = [
        answer.gold.text for report in read_scores(folder) for answer in report.examples.values() if answer.gold.slots
    ]
    return examples[0] if examples else ""
