"""Distillation: a smaller encoder learns what a larger one makes of text without labels (Hinton et al., 2015).

Teacher and student may have different tokenizers and widths: they are compared word by word, by the labels that they give
and by how the words of a text stand to each other (after MiniLMv2, Wang et al., 2021, there between attention heads).
"""

import dataclasses
import hashlib
import json
import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from lowres.catalog import sha256_of
from lowres.errors import LowresError
from lowres.evaluation import SystemScores, answers, count, score
from lowres.evaluation.markdown import percent
from lowres.model import LABELS_FILE, Example, LabelledEncoder, base_folder, base_labels, collate, encode_text, read_base
from lowres.pretraining.config import DistilConfig, Imitation
from lowres.pretraining.corpus import Progress, check_not_off_limits, in_parts, read_train
from lowres.pretraining.learner import apart
from lowres.pretraining.loop import LOG, Loop, Step, Take, format_log
from lowres.pretraining.start import hashes_of, record_of
from lowres.pretraining.store import similar
from lowres.pretraining.training import write_weights
from lowres.pretraining.work import STAMP, in_work, writing
from lowres.reading import Reader, autocast, best_device, device_of, predict
from lowres.sources import digest, read_texts, read_utterances


def distil(
    config: DistilConfig, teacher: str, student: str, folder: Path, mirror: Path | None, on_progress: Progress, *, data_from: Path
) -> Path:
    """Train the base `student` to do as the base `teacher` does on the text that `config` names, and write it to `folder`.

    Both are names, folders, or models on the Hub. The student takes over the teacher's labels where it imitates them; its
    head for hidden words, if it has one, is not kept. Goes on from the last checkpoint. Raises LowresError where the two cannot be compared, or `folder` belongs to another distillation.
    """
    stamp = _stamp(config, teacher, student, data_from, mirror)

    def make(work: Path) -> Path:
        pair = _read_pair(config.training, teacher, student)
        examples = _examples(config, pair, data_from, mirror)
        loop = Loop(pair.student.model, config.training, config.seed)
        loop.run(work, _taking(loop, pair, examples, config.training), on_progress)
        return _write(config, loop, pair, (teacher, student), work, stamp, data_from, mirror)

    return in_work(folder, stamp, make)


def _stamp(config: DistilConfig, teacher: str, student: str, data_from: Path, mirror: Path | None) -> str:
    """SHA-256 over the settings, the data, and both models: their files, or the name on the Hub."""
    total = hashlib.sha256(config.model_dump_json(exclude={"training": {"checkpoint_every"}}).encode())
    for reference in (*config.utterances, *config.texts):
        total.update(digest(reference, data_from, mirror).encode())
    for name in (teacher, student):
        folder = Path(base_folder(name))
        parts = sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else ()
        total.update("\n".join([sha256_of(path) for path in parts] or [name]).encode())
    return total.hexdigest()


@dataclass(frozen=True, slots=True)
class _Pair:
    teacher: Reader
    student: Reader


def _read_pair(training: Imitation, teacher: str, student: str) -> _Pair:
    """Both models on the device; the student with the teacher's labels, where it learns them, else with its own."""
    labelled = training.of != "relations"
    large = Reader(*read_base(teacher, None if labelled else base_labels(teacher)))
    small = Reader(*read_base(student, large.labels if labelled else base_labels(student)))
    widths = [one.model.config.hidden_size for one in (large, small)]
    if training.of != "labels" and any(width % training.relation_heads for width in widths):
        both = [n for n in range(1, min(widths) + 1) if not any(width % n for width in widths)]
        raise LowresError("training.relation_heads", f"{training.relation_heads} divides not both of {widths}", ", ".join(map(str, both)))
    for one in (large, small):
        one.model.to(best_device())
    large.model.eval().requires_grad_(False)
    if getattr(small.model.encoder, "pooler", None) is not None:
        small.model.encoder.pooler = None  # unused, and random where a model was saved without one
    return _Pair(large, small)


def _examples(config: DistilConfig, pair: _Pair, data_from: Path, mirror: Path | None) -> list[tuple[Example, Example]]:
    """Every text as the teacher and as the student reads it."""
    texts = []
    for reference in (*config.utterances, *config.texts):
        check_not_off_limits(reference, data_from, mirror)
    for reference in config.utterances:
        texts += [one.text for one in read_train(reference, data_from, mirror)[0]]
    for reference in config.texts:
        texts += [part for _, text in read_texts(reference, data_from, mirror) for part in in_parts(text)]
    both = [tuple(encode_text(text, one.pieces) for one in (pair.teacher, pair.student)) for text in dict.fromkeys(texts)]
    kept = [(large, small) for large, small in both if small.pieces]
    if not kept:
        raise LowresError("texts", "no word in any text", "text to read")
    return kept


def _taking(loop: Loop, pair: _Pair, examples: Sequence[tuple[Example, Example]], training: Imitation) -> Take:
    sizes = torch.tensor([max(large.n_pieces, small.n_pieces) + 2 for large, small in examples])

    def take(rng: random.Random, generator: torch.Generator) -> Step:
        drawn = torch.tensor(rng.choices(range(len(examples)), k=max(64, training.pieces_per_step // 3)))
        chosen = drawn[similar(sizes[drawn], training.pieces_per_step, torch.Generator().manual_seed(rng.getrandbits(62)))]
        batch = [examples[i] for i in chosen.tolist()]
        with autocast():
            losses = imitation_losses(pair.teacher, pair.student, batch, training)
        return Step("text", losses, sum(small.n_pieces for _, small in batch))

    return take


def imitation_losses(teacher: Reader, student: Reader, batch: Sequence[tuple[Example, Example]], training: Imitation) -> dict[str, Tensor]:
    """Kullback-Leibler divergences in nats, by name, of texts as the teacher and as the student reads them."""
    with torch.no_grad():
        aimed, there = _read(teacher, [large for large, _ in batch])
    found, here = _read(student, [small for _, small in batch])
    n = min(found.shape[1], aimed.shape[1])
    found, aimed, mask = found[:, :n], aimed[:, :n], here[:, :n] & there[:, :n]
    losses = {}
    if training.of != "labels":
        losses["relations"] = relations_loss(found, aimed, mask, training.relation_heads)
    if training.of != "relations":
        losses["labels"] = _labels_loss(student.model, teacher.model, found, aimed, mask, training.temperature)
    return losses


def _read(reader: Reader, examples: list[Example]) -> tuple[Tensor, Tensor]:
    """States (texts, 1 + words, hidden), of the first position, then of each word's first piece; and (texts, 1 + words)
    which of them are of a word, cut off by nothing."""
    batch = collate(examples, reader.pieces).to(device_of(reader.model))
    states = reader.model.hidden(batch)
    own = batch.word_of_piece.gather(1, batch.first_piece) == torch.arange(batch.first_piece.shape[1], device=states.device)
    index = functional.pad(batch.first_piece, (1, 0))
    states = states.gather(1, index.unsqueeze(-1).expand(-1, -1, states.shape[-1]))
    return states, functional.pad(own & batch.word_mask, (1, 0), value=True)


def relations_loss(found: Tensor, aimed: Tensor, mask: Tensor, heads: int) -> Tensor:
    """How far the words' likeness to each other differs, a mean over words and `heads`: states (texts, words, width), of any
    two widths, mask (texts, words)."""
    ours, theirs = (_relations(states, mask, heads) for states in (found, aimed))
    differences = functional.kl_div(ours, theirs, reduction="none", log_target=True)
    inside = (mask[:, None, :, None] & mask[:, None, None, :]).expand_as(differences)
    return differences[inside].sum() / (mask.sum() * heads)


def _relations(states: Tensor, mask: Tensor, heads: int) -> Tensor:
    """Log chance of each word to look at another, (texts, heads, words, words)."""
    parts = states.float().unflatten(-1, (heads, -1)).transpose(1, 2)
    with torch.autocast(states.device.type, enabled=False):  # which would make the products coarse again
        scores = parts @ parts.transpose(-1, -2) / parts.shape[-1] ** 0.5
    return scores.masked_fill(~mask[:, None, None, :], -1e9).log_softmax(-1)


def _labels_loss(
    student: LabelledEncoder, teacher: LabelledEncoder, found: Tensor, aimed: Tensor, mask: Tensor, temperature: float
) -> Tensor:
    """Of intents per text plus that of slots per word, of softened labels; grown by the squared temperature, so that the
    gradient does not shrink with it."""
    ours = _logits(student, found, mask)
    with torch.no_grad():
        theirs = _logits(teacher, aimed, mask)
    return sum(apart(a / temperature, b / temperature) for a, b in zip(ours, theirs, strict=True)) * temperature**2


def _logits(model: LabelledEncoder, states: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    return model.intent_head(states[:, 0]), model.slot_head(states[:, 1:][mask[:, 1:]])


def _write(
    config: DistilConfig, loop: Loop, pair: _Pair, names: tuple[str, str], work: Path, stamp: str, data_from: Path, mirror: Path | None
) -> Path:
    place, student, labels = work / "whole", loop.best, pair.student.labels
    with writing(work):
        shutil.rmtree(place, ignore_errors=True)
        write_weights(student.encoder, student, labels, place)
        pair.student.pieces.tokenizer.save_pretrained(place)
        (place / LOG).write_text(format_log(loop.log), encoding="utf-8")
    figures = _figures(config, place, pair.teacher, data_from, mirror)
    record = {"stamp": stamp, "teacher": _origin(names[0]), "student": _origin(names[1]), "sha256": hashes_of(place),
              "config": config.model_dump(mode="json", exclude_defaults=True),
              "figures": {name: dataclasses.asdict(one) for name, one in figures.items()}}  # fmt: skip
    with writing(work):
        (place / "README.md").write_text(_card(config, loop, names, figures), encoding="utf-8")
        (place / STAMP).write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return place


def _origin(name: str) -> dict[str, Any]:
    folder = Path(base_folder(name))
    return record_of(folder) if folder.is_dir() else {"name": name}


def _figures(
    config: DistilConfig, place: Path, teacher: Reader, data_from: Path, mirror: Path | None
) -> dict[str, SystemScores]:
    """Teacher and student on the launched dev part."""
    if config.evaluate is None:
        return {}
    gold = read_utterances(config.evaluate, data_from, mirror)
    readers = {"teacher": teacher}
    if (place / LABELS_FILE).is_file():
        readers["student"] = Reader(*read_base(str(place.absolute())))
    readers = {name: one for name, one in readers.items() if one.labels.intents}
    return {name: score(count(answers(gold, predict(one, gold)))) for name, one in readers.items()}


def _card(config: DistilConfig, loop: Loop, names: tuple[str, str], figures: dict[str, SystemScores]) -> str:
    one = config.training
    read = ", ".join(" ".join(filter(None, (r.dataset or r.path, r.locale))) for r in (*config.utterances, *config.texts))
    lines = [
        f"# {config.name}", "", f"{names[1]}, taught by {names[0]} on text without labels: {read}.", "",
        f"{one.steps:,} steps of {one.pieces_per_step:,} pieces, imitating {one.of}; AdamW, learning rate {one.learning_rate:g}; took "
        f"{loop.seconds / 60:.0f} minutes. Licences and what was seen: those of both models and of the text.",
    ]  # fmt: skip
    if figures:
        lines += ["", "| | intent accuracy | slot F1 | exact match |", "|---|---:|---:|---:|"]
        lines += [f"| {n} | {percent(f.intent_accuracy)} | {percent(f.slot_f1)} | {percent(f.exact_match)} |" for n, f in figures.items()]
    return "\n".join([*lines, ""])
