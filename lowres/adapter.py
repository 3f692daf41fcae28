"""One LoRA adapter per language: train on synthetic pairs and a share of the source, predict, read and write."""

import json
import math
import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors import SafetensorError

from lowres.affixes import format_affixes, parse_affixes
from lowres.errors import LowresError
from lowres.fitting import fit
from lowres.gloss import Glosser, format_glosses, gloss_utterance, parse_glosses
from lowres.loans import format_loans, read_loans
from lowres.model import (
    LABELS_FILE,
    Example,
    LabelledEncoder,
    Labels,
    base_labels,
    collect_labels,
    encode,
    format_labels,
    read_base,
    read_labels,
    transition_scores,
)
from lowres.reading import Reader, best_device, gloss_pieces, log_probabilities
from lowres.recipe import Adapt
from lowres.registry.base import check_base
from lowres.registry.check import verify
from lowres.registry.package import MANIFEST
from lowres.utterance import Utterance
from lowres.vocabulary import Vocabulary, begin_rows, choose_words

GLOSSES_FILE, AFFIXES_FILE, LOANS_FILE, WORDS_FILE = "glosses.tsv", "affixes.tsv", "loans.txt", "words.txt"
SETTINGS_FILE, TRANSITIONS_FILE = "lowres.json", "transitions.safetensors"
_ATTENTION = re.compile(r"\.(?:attention|attn|self_attn)\.")
ADAPTER_FILE = "adapter_model.safetensors"
WEIGHTS_FILE = "model.safetensors"  # of all weights, where no adapter was trained
MIN_STEPS = 200  # per epoch: of a few hundred utterances a single pass would hardly move the adapter


def with_lora(model: LabelledEncoder, training: Adapt, rows: Sequence[int]) -> PeftModel:
    """LoRA on linear layers of the encoder, the heads and the token rows in `rows` made trainable, as `training` says."""
    lora = training.lora
    named = [n for n, m in model.named_modules() if isinstance(m, torch.nn.Linear) and n.startswith("encoder.")]
    linear = [name for name in named if ".pooler." not in name]  # the heads read the states, nothing reads the pooler
    if lora.modules != "all":
        linear = [name for name in linear if bool(_ATTENTION.search(name)) == (lora.modules == "attention")]
    if not linear:
        raise LowresError("adapt.lora.modules", f"no layer of this base is {lora.modules}", "all")
    embedding = next(n for n, m in model.named_modules() if m is model.encoder.get_input_embeddings())
    config = LoraConfig(
        r=lora.r, lora_alpha=lora.alpha, lora_dropout=lora.dropout, target_modules=linear,
        modules_to_save=["intent_head", "slot_head"] if lora.heads else None,
        trainable_token_indices={embedding: sorted(rows)} if rows else None,
    )  # fmt: skip
    return get_peft_model(model, config)


def adapt(
    target: Sequence[Utterance],
    source: Sequence[Utterance],
    training: Adapt,
    folder: Path,
    *,
    glosser: Glosser | None = None,
    vocabulary: Vocabulary | None = None,
    base_from: Path | None = None,
    on_progress: Callable[[int, int, float, str], None] = lambda done, total, rate, text: None,
) -> None:
    """Train on `target` (its ids end in ":variant") and a share of `source`; write `folder`/adapter and log.jsonl.

    `vocabulary` is where the `new_words` of `training` are chosen from. The synthetic dev part (one source utterance in
    twenty, by id) alone decides on early stopping. Resumes from `folder`/checkpoint.pt, written after every epoch.
    """
    dev = [one for one in target if held_out(one.id)]
    seen = [one for one in target if not held_out(one.id)]
    if not seen:
        raise LowresError("adapt", "no utterance to train on", "pairs that are not all test utterances or held out")
    labels = _labels_of([*target, *source], training.base, base_from)
    if not (training.full or training.lora.heads or base_labels(training.base, base_from).covers(labels)):
        raise LowresError("adapt.lora.heads", f"{training.base} has no heads for these labels", "true")
    base = _begin(training, labels, glosser, vocabulary or Vocabulary(), base_from)
    train = [*_read(seen, base), *_glossed(seen, training, base)]
    rng = random.Random(f"{training.seed}:source")
    n_source = min(len(source), round(len(train) * training.source_share))
    train += _source(rng.sample(list(source), n_source), training, base, base_from)
    train = _epoch(train, training)
    transitions = transition_scores((e.slots for e in train), len(base.labels.slots))
    model = base.model if training.full else with_lora(base.model, training, _rows(train, training, base))
    model.to(best_device())
    reader = replace(base, model=model, transitions=transitions)
    fit(reader, train, dev, training, folder, on_progress)
    write_adapter(reader, training, folder / "adapter")


def _epoch(train: list[Example], training: Adapt) -> list[Example]:
    """The examples of an epoch: all, repeated to MIN_STEPS, or for just `training.steps` a sample in which each comes equally often."""
    n = (training.steps or MIN_STEPS) * training.batch_size
    repeated = train * math.ceil(n / len(train))
    return random.Random(f"{training.seed}:steps").sample(repeated, n) if training.steps else repeated


def _begin(training: Adapt, labels: Labels, glosser: Glosser | None, vocabulary: Vocabulary, base_from: Path | None) -> Reader:
    """The base before training, with rows for the new words."""
    own: list[str] = []
    if training.new_words and vocabulary.counts:
        own = choose_words(vocabulary, training.new_words, read_base(training.base, labels, folder=base_from)[1])
    model, pieces, labels = read_base(training.base, labels, folder=base_from, seed=training.seed, own=own)
    begin_rows(model.get_input_embeddings(), pieces, glosser or Glosser(), vocabulary.lemmas)
    glosser = glosser if training.gloss else None
    return Reader(model, pieces, labels, glosser, beside=training.gloss_beside, again=training.gloss_reading)


def _read(utterances: Sequence[Utterance], reader: Reader) -> list[Example]:
    glosser = reader.glosser if reader.beside else None
    return [encode(u, reader.pieces, reader.labels, gloss_pieces(u.text, glosser, reader.pieces)) for u in utterances]


def _glossed(seen: Sequence[Utterance], training: Adapt, reader: Reader) -> list[Example]:
    """Pairs glossed back into the source language, a share of `glossed_share` of them: what the second reading will meet."""
    if reader.glosser is None or not reader.again:
        return []
    rng = random.Random(f"{training.seed}:glossed")
    chosen = rng.sample(seen, min(len(seen), round(len(seen) * training.glossed_share)))
    return [encode(gloss_utterance(one, reader.glosser, rng)[0], reader.pieces, reader.labels) for one in chosen]


def _source(chosen: Sequence[Utterance], training: Adapt, reader: Reader, base_from: Path | None) -> list[Example]:
    """Source utterances; where the adapter shall `remember`, with the answers of the base, if its heads know the labels."""
    examples = [encode(one, reader.pieces, reader.labels) for one in chosen]
    if not training.remember or not base_labels(training.base, base_from).covers(reader.labels):
        return examples
    answers = log_probabilities(reader, examples)
    return [replace(example, taught=answer) for example, answer in zip(examples, answers, strict=True)]


def _rows(train: Sequence[Example], training: Adapt, reader: Reader) -> list[int]:
    """The token rows to train: of the new words, with the pieces that they fall back on, and where asked of all data."""
    own = reader.pieces.own
    rows = set(own.values())
    if training.token_rows:
        rows |= {piece for e in train for ids in (*e.pieces, *e.glosses) for piece in ids}
        rows |= {piece for word, row in own.items() if row in rows for piece in reader.pieces.split(word)}
    return sorted(rows)


def _labels_of(utterances: Iterable[Utterance], base: str, base_from: Path | None) -> Labels:
    """The labels of the data, in the base's own order where it has them all, so that its heads fit as they are."""
    seen, own = collect_labels(utterances), base_labels(base, base_from)
    return own if own.covers(seen) else seen


def held_out(utterance_id: str) -> bool:
    """Whether a pair belongs to the synthetic dev part: one source utterance in twenty, with all its variants."""
    stem = utterance_id.rpartition(":")[0] or utterance_id  # source utterances have no variant
    return random.Random(f"dev:{stem}").random() < 0.05


def write_adapter(reader: Reader, training: Adapt, folder: Path) -> None:
    """PEFT's two files, or all weights, the labels, the label transitions, the glosses, and what base they belong to."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    if training.full:
        save_file({name: value.half().cpu().contiguous() for name, value in reader.model.state_dict().items()}, folder / WEIGHTS_FILE)
    else:
        reader.model.save_pretrained(folder, save_embedding_layers=False)
        (folder / "README.md").unlink(missing_ok=True)  # PEFT's, empty; the card is written when the adapter is published
        _halve(folder / ADAPTER_FILE)
    (folder / LABELS_FILE).write_text(format_labels(reader.labels), encoding="utf-8")
    save_file({"transitions": reader.transitions.half().cpu()}, folder / TRANSITIONS_FILE)
    if reader.glosser is not None:
        (folder / GLOSSES_FILE).write_text(format_glosses(reader.glosser.glosses), encoding="utf-8")
        (folder / AFFIXES_FILE).write_text(format_affixes(reader.glosser.affixes), encoding="utf-8")
        if reader.glosser.loans.words:
            (folder / LOANS_FILE).write_text(format_loans(reader.glosser.loans), encoding="utf-8")
    if reader.pieces.own:
        (folder / WORDS_FILE).write_text("".join(word + "\n" for word in reader.pieces.own), encoding="utf-8")
    settings = {"base": training.base, "beside": reader.beside, "again": reader.again}
    (folder / SETTINGS_FILE).write_text(json.dumps(settings) + "\n", encoding="utf-8")


def _halve(path: Path) -> None:
    """Write a file of tensors in half precision: half the bytes to pull and to keep, and no answer changes."""
    from safetensors.torch import load_file, save_file

    save_file({name: value.half() for name, value in load_file(path).items()}, path, metadata={"format": "pt"})


def read_adapter(folder: Path, *, base_from: Path | None = None) -> Reader:
    """The adapter in `folder` over its base, ready to predict; what is a package is verified first."""
    from safetensors.torch import load_file

    package = verify(folder, base_from=base_from).package if (folder / MANIFEST).exists() else None
    try:
        settings = json.loads((folder / SETTINGS_FILE).read_text(encoding="utf-8"))
        base, beside, again = settings["base"], settings.get("beside", True), settings.get("again", True)
    except (OSError, ValueError, KeyError):
        raise LowresError(folder, "no adapter here", "a folder written by lowres adapt") from None
    labels = read_labels(folder / LABELS_FILE)
    base = package.base.spec if package else base  # at the very revision that it was trained on
    model, pieces, labels = read_base(base, labels, folder=base_from, own=read_words(folder))
    if package:
        check_base(package.base, folder, base_from, needed=True)
    try:
        if (folder / WEIGHTS_FILE).is_file():
            model.load_state_dict(load_file(folder / WEIGHTS_FILE))
        else:
            model = PeftModel.from_pretrained(model, folder)
        model = model.to(best_device())
        transitions = load_file(folder / TRANSITIONS_FILE)["transitions"].float()
        return Reader(model, pieces, labels, read_glosser(folder), transitions, beside, again)
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        first = (str(error).splitlines() or [type(error).__name__])[0]
        raise LowresError(folder, f"a broken adapter ({first[:120]})", "a folder as lowres adapt wrote it") from None


def read_words(folder: Path) -> list[str]:
    """The words that an adapter has as tokens of their own, in the order of their rows behind the base's."""
    path = folder / WORDS_FILE
    return path.read_text(encoding="utf-8").split("\n")[:-1] if path.is_file() else []


def read_glosser(folder: Path) -> Glosser | None:
    """The glosses that an adapter reads beside the words; None where it reads none."""
    if not (folder / GLOSSES_FILE).is_file():
        return None
    glosses, affixes = ((folder / name).read_text(encoding="utf-8") for name in (GLOSSES_FILE, AFFIXES_FILE))
    return Glosser(parse_glosses(glosses), parse_affixes(affixes), read_loans(folder / LOANS_FILE))
