"""The training loop: every step draws from `seed:step` alone, so a stopped training goes on exactly where it was.

`<folder>.partial` holds the work (stamp, tokenizer, checkpoint, log); `folder` appears only when the base is whole.
On a CPU the weights of a resumed training equal those of an uninterrupted one bit for bit; on a GPU they differ
as two uninterrupted ones do, by the order of its sums.
"""

import dataclasses
import hashlib
import json
import math
import random
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch

from lowres.errors import LowresError
from lowres.evaluation import SystemScores, answers, count, score
from lowres.model import HEADS_FILE, LABELS_FILE, Labels, PieceReader, format_labels, read_base
from lowres.pretraining.card import format_card
from lowres.pretraining.config import KEPT_LANGUAGES, PretrainConfig, Schedule
from lowres.pretraining.corpus import Material, Progress, read_material
from lowres.pretraining.learner import Learner, new_encoder
from lowres.pretraining.library import build_library
from lowres.pretraining.steps import Library, step_losses
from lowres.pretraining.tokenizer import read_tokenizer, train_tokenizer
from lowres.reading import Reader, autocast, best_device, device_of, predict
from lowres.sources import digest, read_utterances

STAMP, CHECKPOINT, LOG = "pretraining.json", "checkpoint.pt", "log.jsonl"


def _silent(done: int, total: int, rate: float, note: str) -> None:
    pass


def pretrain(
    config: PretrainConfig,
    folder: Path,
    mirror: Path | None = None,
    on_progress: Progress = _silent,
    *,
    data_from: Path | None = None,
) -> Path:
    """Train a base as `config` says and write it to `folder`, in transformers' format with `read_base`'s extras.

    Goes on from the last checkpoint; a finished folder of this config and data is left as it is.
    `on_progress` gets (done, of, pieces/s or 0, what); paths in `config` are relative to `data_from`.
    Raises LowresError where `folder` or its work belong to another config or other data.
    """
    data_from = data_from or Path.cwd()
    stamp = _stamp(config, data_from, mirror)
    work = folder.with_name(folder.name + ".partial")
    if not _is_finished(folder, stamp):
        _claim(work, stamp)
        material = read_material(config.data, data_from, mirror, on_progress)
        trained = _train(config, material, work, on_progress)
        with _writing(work):
            _write_base(trained, config, material, work, stamp, data_from, mirror)
            (work / "whole").replace(folder)  # over an empty folder, if there is one
    shutil.rmtree(work, ignore_errors=True)
    return folder


def _stamp(config: PretrainConfig, data_from: Path, mirror: Path | None) -> str:
    """SHA-256 over the settings that decide the weights, and over all data."""
    settings = config.model_dump_json(exclude={"training": {"checkpoint_every"}})
    total = hashlib.sha256(settings.encode())
    for reference in config.data.references():
        total.update(digest(reference, data_from, mirror).encode())
    return total.hexdigest()


def _is_finished(folder: Path, stamp: str) -> bool:
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return False
    if _read_stamp(folder) != stamp:
        raise LowresError(folder, "is not empty, and no base of this config and data", "a new or empty folder")
    return True


def _claim(work: Path, stamp: str) -> None:
    """Make the work folder this training's own."""
    with _writing(work):
        work.mkdir(parents=True, exist_ok=True)
        begun = any(path.suffix != ".partial" for path in work.iterdir())
        if begun and _read_stamp(work) != stamp:
            raise LowresError(work, "work of another config or other data", "remove it, or name another folder")
        _replace(work / STAMP, json.dumps({"stamp": stamp}) + "\n")


def _read_stamp(folder: Path) -> str | None:
    try:
        return json.loads((folder / STAMP).read_text(encoding="utf-8"))["stamp"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _replace(path: Path, text: str) -> None:
    partial = path.with_name(path.name + ".partial")
    partial.write_text(text, encoding="utf-8", newline="\n")
    partial.replace(path)


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """What goes wrong with a disk as a LowresError."""
    from safetensors import SafetensorError

    try:
        yield
    except (OSError, SafetensorError, RuntimeError) as error:
        # torch and safetensors raise their own kinds where the disk is full
        first = (str(error) or type(error).__name__).splitlines()[0]
        raise LowresError(path, f"cannot be written ({first})", "room for four times the weights") from error


@dataclasses.dataclass(slots=True)
class Trained:
    """Everything of a training in memory; `log` has one line per checkpoint."""

    model: Learner
    reader: PieceReader
    labels: Labels
    step: int = 0
    seconds: float = 0.0
    log: list[dict[str, Any]] = dataclasses.field(default_factory=list)


def _train(config: PretrainConfig, material: Material, work: Path, on_progress: Progress) -> Trained:
    reader, labels = PieceReader(_tokenizer(config, material, work, on_progress)), material.labels()
    library = build_library(material, reader, labels, KEPT_LANGUAGES, on_progress)
    torch.manual_seed(config.seed)
    model = Learner(new_encoder(len(reader.tokenizer) + config.tokenizer.spare, config.model), labels)
    trained = Trained(model.to(best_device()), reader, labels)
    _fit(trained, library.to(device_of(model)), config, work, on_progress)
    return trained


def _tokenizer(config: PretrainConfig, material: Material, work: Path, on_progress: Progress):
    """The work's tokenizer, trained and saved first where there is none yet; always read back from the disk."""
    place, partial = work / "tokenizer", work / "tokenizer.partial"
    if not place.is_dir():
        on_progress(0, 1, 0.0, "training the tokenizer")
        made = train_tokenizer(material.lines(), vocabulary=config.tokenizer.vocabulary, spare=config.tokenizer.spare)
        with _writing(place):
            shutil.rmtree(partial, ignore_errors=True)
            made.save_pretrained(partial)
            partial.rename(place)
    return read_tokenizer(place)


def _fit(trained: Trained, library: Library, config: PretrainConfig, work: Path, on_progress: Progress) -> None:
    schedule, model = config.training, trained.model
    optimizer = torch.optim.AdamW(model.parameters(), lr=schedule.learning_rate, weight_decay=schedule.weight_decay)
    _read_checkpoint(work / CHECKPOINT, trained, optimizer)
    kinds = {kind: weight for kind, weight in schedule.weights if weight and library.has(kind)}
    tally = _Tally()
    model.train()
    while trained.step < schedule.steps:
        _take_step(trained, library, kinds, config, optimizer, tally)
        trained.step += 1
        on_progress(trained.step, schedule.steps, tally.rate, tally.note)
        if trained.step % schedule.checkpoint_every == 0 or trained.step == schedule.steps:
            trained.seconds += tally.seconds
            trained.log.append({"step": trained.step, **tally.line(), "seconds": round(trained.seconds, 1)})
            tally = _Tally()
            _write_checkpoint(work, trained, optimizer)


def _take_step(
    trained: Trained, library: Library, kinds: dict[str, float], config: PretrainConfig, optimizer, tally: "_Tally"
) -> None:
    """One kind of example, drawn by its weight and learnt from; of all randomness only `seed:step` decides."""
    schedule, model = config.training, trained.model
    rng = random.Random(f"{config.seed}:{trained.step}")
    kind = rng.choices(list(kinds), list(kinds.values()))[0]
    share = rng.choice(getattr(schedule.mask_share, kind, (0.0,)))
    generator = torch.Generator(device_of(model)).manual_seed(rng.getrandbits(62))
    torch.manual_seed(rng.getrandbits(62))  # dropout
    with autocast():
        losses, n_pieces = step_losses(model, library, kind, schedule.pieces_per_step, share, generator)
    weighted = [getattr(schedule.losses, name, 1.0) * value for name, value in losses.items()]
    _update(model, optimizer, weighted, _learning_rate(schedule, trained.step))
    tally.add(kind, {name: value.item() for name, value in losses.items()}, n_pieces)


def _update(model: Learner, optimizer, losses: list[torch.Tensor], learning_rate: float) -> None:
    if not losses:  # no word of a small batch was hidden
        return
    for group in optimizer.param_groups:
        group["lr"] = learning_rate
    optimizer.zero_grad()
    torch.stack(losses).sum().backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()


def _learning_rate(schedule: Schedule, step: int) -> float:
    """Linear over the warm-up, then half a cosine."""
    if step < schedule.warmup:
        return schedule.learning_rate * (step + 1) / schedule.warmup
    left = max(1, schedule.steps - schedule.warmup)
    return schedule.learning_rate * 0.5 * (1 + math.cos(math.pi * (step - schedule.warmup) / left))


class _Tally:
    """Losses by kind, pieces and seconds since the last checkpoint."""

    def __init__(self) -> None:
        self._losses: dict[str, list[float]] = {}
        self._n_pieces, self._started, self.note = 0, time.perf_counter(), ""

    def add(self, kind: str, losses: dict[str, float], n_pieces: int) -> None:
        """One step."""
        for name, value in losses.items():
            self._losses.setdefault(f"{kind}/{name}", []).append(value)
        self._n_pieces += n_pieces
        self.note = ", ".join(f"{kind} {name} {value:.2f}" for name, value in losses.items())

    @property
    def seconds(self) -> float:
        """Since the last checkpoint."""
        return time.perf_counter() - self._started

    @property
    def rate(self) -> float:
        """Pieces per second, padding not counted."""
        return self._n_pieces / max(self.seconds, 1e-9)

    def line(self) -> dict[str, Any]:
        """Means, for the log."""
        losses = {name: round(sum(values) / len(values), 4) for name, values in sorted(self._losses.items())}
        return {"loss": losses, "pieces_per_second": round(self.rate)}


def _write_checkpoint(work: Path, trained: Trained, optimizer) -> None:
    """The checkpoint whole or not at all; the log is only a copy of what it holds."""
    path, partial = work / CHECKPOINT, work / (CHECKPOINT + ".partial")
    state = {"step": trained.step, "seconds": trained.seconds, "log": trained.log}
    with _writing(path):
        torch.save(state | {"model": trained.model.state_dict(), "optimizer": optimizer.state_dict()}, partial)
        partial.replace(path)
        _replace(work / LOG, _format_log(trained.log))


def _format_log(log: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(line) + "\n" for line in log)


def _read_checkpoint(path: Path, trained: Trained, optimizer) -> None:
    if not path.is_file():
        return
    try:
        state = torch.load(path, weights_only=True, map_location="cpu")
        trained.model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        trained.step, trained.seconds, trained.log = state["step"], state["seconds"], state["log"]
    except (OSError, EOFError, RuntimeError, LookupError, ValueError, TypeError, UnpicklingError) as error:
        first = (str(error).splitlines() or [type(error).__name__])[0][:120]
        raise LowresError(path, f"not a checkpoint of this training ({first})", "remove it to start again") from None


def _write_base(
    trained: Trained,
    config: PretrainConfig,
    material: Material,
    work: Path,
    stamp: str,
    data_from: Path,
    mirror: Path | None,
) -> None:
    """The base as `work`/whole: weights, tokenizer, labels, heads, log, stamp, and the card with its figures."""
    place = work / "whole"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(work / "tokenizer", place)
    _write_weights(trained, place)
    (place / LOG).write_text(_format_log(trained.log), encoding="utf-8")
    figures = _figures(place, config, data_from, mirror)
    settings = config.model_dump(mode="json", exclude_defaults=True)
    record = {"stamp": stamp, "config": settings, "figures": figures and dataclasses.asdict(figures)}
    (place / "README.md").write_text(format_card(config, material, trained, figures), encoding="utf-8")
    (place / STAMP).write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for path in place.iterdir():
        path.chmod(0o644)  # safetensors writes for the owner alone


def _write_weights(trained: Trained, place: Path) -> None:
    from safetensors.torch import save_file

    model = trained.model.cpu().half()
    model.masked.save_pretrained(place)
    heads = {name: value for name, value in model.labelled.state_dict().items() if not name.startswith("encoder.")}
    save_file(heads, place / HEADS_FILE)
    (place / LABELS_FILE).write_text(format_labels(trained.labels), encoding="utf-8")


def _figures(place: Path, config: PretrainConfig, data_from: Path, mirror: Path | None) -> SystemScores | None:
    """Scores on the launched dev part, of the weights as they were written."""
    if config.data.evaluate is None:
        return None
    gold = read_utterances(config.data.evaluate, data_from, mirror)
    found = predict(Reader(*read_base(str(place.absolute()))), gold)
    return score(count(answers(gold, found)))
