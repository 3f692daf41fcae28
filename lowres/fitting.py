"""Fitting: the training loop of an adapter, with its checkpoint after every epoch and early stopping on synthetic dev."""

import json
import math
import pickle
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import torch

from lowres.errors import LowresError
from lowres.model import Example, collate, forgetting, loss
from lowres.reading import Reader, autocast, batches, device_of, predict
from lowres.recipe import Adapt
from lowres.utterance import Utterance

CHECKPOINT = "checkpoint.pt"
GLOSS_DROPOUT = 0.15  # so that words without a gloss can be read too
SPLIT_SHARE = 0.3  # of the occurrences of words that are tokens of their own


def fit(
    reader: Reader,
    train: Sequence[Example],
    dev: Sequence[Utterance],
    training: Adapt,
    folder: Path,
    on_progress: Callable[[int, int, float, str], None],
) -> None:
    """Train the model of `reader` in place and leave it as it was after its best epoch; resumes from the checkpoint."""
    params = [p for p in reader.model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(params, lr=training.learning_rate, weight_decay=0.01)
    state = _read_checkpoint(folder / CHECKPOINT, reader.model, optimizer)
    torch.manual_seed(training.seed + state["epoch"])
    for epoch in range(state["epoch"], training.epochs):
        if state["bad"] >= training.patience:  # here, so that a run killed after its last epoch does not go on
            break
        started = time.perf_counter()
        mean = _epoch(reader, train, training, epoch, optimizer, params, on_progress)
        score = _exact(reader, dev)
        line = {"epoch": epoch + 1, "loss": round(mean, 4), "synthetic_dev_exact_match": round(score, 4),
                "seconds": round(time.perf_counter() - started, 1)}  # fmt: skip
        state["log"].append(line)
        (folder / "log.jsonl").write_text("".join(json.dumps(one) + "\n" for one in state["log"]), encoding="utf-8")
        if not dev or score > state["best"]:
            state |= {"best": score, "best_model": _trainable(reader.model), "bad": 0}
        else:
            state["bad"] += 1
        state["epoch"] = epoch + 1
        _write_checkpoint(folder / CHECKPOINT, state, reader.model, optimizer)
    if state["best_model"] is not None:
        reader.model.load_state_dict(state["best_model"], strict=False)


def _epoch(reader: Reader, train: Sequence[Example], training: Adapt, epoch: int, optimizer, params, on_progress) -> float:
    """One pass over the examples, its order and its dropout by seed and epoch; the mean loss."""
    split = {(id,): reader.pieces.split(word) for word, id in reader.pieces.own.items()}
    per_epoch = math.ceil(len(train) / training.batch_size)
    total, started, sums = per_epoch * training.epochs, time.perf_counter(), 0.0
    rng = random.Random(f"{training.seed}:{epoch}")
    reader.model.train()
    torch.manual_seed(training.seed + epoch)
    for done, chunk in enumerate(batches(train, training.batch_size, rng), 1):
        step = epoch * per_epoch + done
        for group in optimizer.param_groups:
            group["lr"] = training.learning_rate * min(1.0, step / 100) * (1 - (step - 1) / total) + 1e-6
        sums += _step(reader, [drop(train[i], split, rng) for i in chunk], training.remember, optimizer, params)
        on_progress(step, total, done * training.batch_size / (time.perf_counter() - started), f"epoch {epoch + 1}")
    return sums / per_epoch


Split = dict[tuple[int, ...], tuple[int, ...]]  # the piece of a word of its own, and its pieces in the tokenizer


def drop(example: Example, split: Split, rng: random.Random) -> Example:
    """The example with some glosses hidden and some words of their own split into pieces: so are unknown words read."""
    if example.glosses:
        glosses = tuple(() if rng.random() < GLOSS_DROPOUT else gloss for gloss in example.glosses)
        example = replace(example, glosses=glosses)
    if split and any(one in split for one in example.pieces):
        pieces = tuple(split[one] if one in split and rng.random() < SPLIT_SHARE else one for one in example.pieces)
        example = replace(example, pieces=pieces)
    return example


def _step(reader: Reader, examples: list[Example], remember: float, optimizer, params) -> float:
    batch = collate(examples, reader.pieces).to(device_of(reader.model))
    with autocast():
        intents, slots = reader.model(batch)
    value = loss(intents, slots, batch) + remember * forgetting(intents, slots, batch)
    optimizer.zero_grad()
    value.backward()
    torch.nn.utils.clip_grad_norm_(params, 1.0)
    optimizer.step()
    return float(value.detach())


def _exact(reader: Reader, dev: Sequence[Utterance]) -> float:
    """Exact match on the synthetic dev part."""
    predictions = predict(reader, dev)
    right = sum(p.utterance.intent == u.intent and p.utterance.slots == u.slots for p, u in zip(predictions, dev, strict=True))
    return right / max(1, len(dev))


def _trainable(model) -> dict[str, torch.Tensor]:
    return {name: p.detach().clone() for name, p in model.named_parameters() if p.requires_grad}


def _write_checkpoint(path: Path, state: dict, model, optimizer) -> None:
    partial = path.with_suffix(".partial")
    torch.save(state | {"model": _trainable(model), "optimizer": optimizer.state_dict()}, partial)
    partial.replace(path)


def _read_checkpoint(path: Path, model, optimizer) -> dict:
    if not path.is_file():
        return {"epoch": 0, "best": -1.0, "best_model": None, "bad": 0, "log": []}
    try:
        state = torch.load(path, weights_only=True, map_location=device_of(model))
    except (OSError, EOFError, ValueError, RuntimeError, pickle.UnpicklingError):
        raise LowresError(path, "a broken checkpoint", "delete it, and training starts again") from None
    model.load_state_dict(state.pop("model"), strict=False)
    optimizer.load_state_dict(state.pop("optimizer"))
    return state
