"""Adapters of random weights over a tiny base with heads, made in a blink: what they say means nothing, but must be the same."""

import json
import shutil
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from lowres.adapter import read_adapter, with_lora, write_adapter
from lowres.affixes import Affixes
from lowres.evaluation import Prediction
from lowres.gloss import Glosser
from lowres.loans import Loans
from lowres.model import HEADS_FILE, LABELS_FILE, Labels, format_labels, read_base
from lowres.reading import Reader, predict
from lowres.recipe import Adapt
from lowres.serving.installed import Installed
from lowres.utterance import Utterance

INTENTS, SLOTS = ("alarm_set", "play_music", "weather"), ("O", "date", "place", "time")
LABELS = Labels(INTENTS, SLOTS)
GLOSSER = Glosser(
    {"niamshe": ("wake me up",), "saa": ("time", "hour"), "moja": ("one",), "saa moja": ("seven o'clock",), "sómo": ("lesson",)},
    Affixes({("", "ni"): {("", ""): 5}, ("ma", ""): {("", ""): 4}, ("s", ""): {("n", ""): 9}}),
    Loans(("alarm", "taxi", "weather")),
)
WORDS = ("asubuhi", "habari")


@dataclass(frozen=True, slots=True)
class Kitchen:
    """A base called 'small' and a place for adapters over it."""

    folder: Path

    def adapter(self, name: str, *, seed: int = 0, labels: Labels = LABELS, glosser: Glosser | None = GLOSSER, words: Sequence[str] = (),
                lora: dict | None = None, rows: bool = True, beside: bool = True, again: bool = True) -> Path:  # fmt: skip
        """The folder of an adapter with random weights."""
        training = Adapt(base="small", lora={"r": 4, "alpha": 8, "dropout": 0.0} | (lora or {}))
        model, pieces, _ = read_base("small", labels, folder=self.folder, seed=seed, own=words)
        some = [*range(5, 3000, 3), *pieces.own.values()] if rows else []
        model = with_lora(model, training, some)
        torch.manual_seed(seed)
        with torch.no_grad():
            for value in (p for p in model.parameters() if p.requires_grad):
                value += 0.3 * torch.randn_like(value)
        transitions = torch.randn(len(labels.slots), len(labels.slots)).log_softmax(-1)
        place = self.folder / name
        write_adapter(Reader(model, pieces, labels, glosser, transitions, beside, again), training, place)
        return place

    def installed(self, folder: Path, locale: str, language: str, version: str = "1.0.0", profile: Path | None = None) -> Installed:
        """An adapter as a registry has it."""
        return Installed(name=folder.name, version=version, language=language, locale=locale, folder=folder, profile=profile)

    def plain(self, folder: Path | None, texts: Sequence[str]) -> list[Prediction]:
        """What the plain reader says, in single precision."""
        reader = read_adapter(folder, base_from=self.folder) if folder else Reader(*read_base("small", folder=self.folder))
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("lowres.reading.autocast", nullcontext)
            return predict(reader, [Utterance(id=str(i), text=text, locale="und") for i, text in enumerate(texts)])


@pytest.fixture(scope="session")
def kitchen(tiny_base, tmp_path_factory) -> Kitchen:
    """A tiny base with heads of its own."""
    folder = tmp_path_factory.mktemp("kitchen")
    place = shutil.copytree(tiny_base, folder / "small")
    config = json.loads((place / "config.json").read_text())
    (place / "config.json").write_text(json.dumps(config | {"pad_token_id": 1}))  # the tokenizer's, which counts no positions
    torch.manual_seed(3)
    sizes = {"intent_head": len(INTENTS), "slot_head": len(SLOTS)}
    heads = {f"{head}.weight": torch.randn(n, 16) for head, n in sizes.items()}
    heads |= {f"{head}.bias": torch.randn(n) for head, n in sizes.items()}
    save_file(heads, place / HEADS_FILE)
    (place / LABELS_FILE).write_text(format_labels(LABELS), encoding="utf-8")
    return Kitchen(folder)


@pytest.fixture(scope="session")
def adapters(kitchen) -> dict[str, Path]:
    """Adapters that differ in all that adapters can differ in."""
    other = Labels(("book_hotel", "weather"), ("O", "place"))
    return {
        "whole": kitchen.adapter("whole", seed=1),
        "twin": kitchen.adapter("twin", seed=2),
        "words": kitchen.adapter("words", seed=3, words=WORDS),
        "plain": kitchen.adapter("plain", seed=4, glosser=None, rows=False),
        "labels": kitchen.adapter("labels", seed=5, labels=other, again=False),
        "attention": kitchen.adapter("attention", seed=6, lora={"r": 2, "alpha": 3, "modules": "attention"}, beside=False),
        "headless": kitchen.adapter("headless", seed=7, lora={"heads": False}),
    }


@pytest.fixture(scope="session")
def same() -> Callable:
    """Whether found answers are the plain reader's: labels exactly, confidence but for rounding."""

    def check(found, plain: Sequence[Prediction]) -> None:
        assert [(one.intent, one.slots) for one in found] == [(one.utterance.intent, one.utterance.slots) for one in plain]
        assert [one.confidence for one in found] == pytest.approx([one.confidence for one in plain], rel=1e-3, abs=1e-6)

    return check
