"""Steps of an optimizer: every step draws from `seed:step` alone, so a stopped training goes on exactly where it was.

On a CPU the weights of a resumed training equal those of an uninterrupted one bit for bit; on a GPU they differ as two
uninterrupted ones do, by the order of its sums.
"""

import json
import math
import random
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from torch.utils.flop_counter import FlopCounterMode

from lowres.errors import LowresError
from lowres.pretraining.config import Schedule
from lowres.pretraining.corpus import Progress
from lowres.pretraining.work import replace, writing
from lowres.reading import autocast, device_of

_NO_MEMORY = ("can't allocate memory", "not enough memory", "out of memory")
CHECKPOINT, LOG = "checkpoint.pt", "log.jsonl"


@dataclass(frozen=True, slots=True)
class Step:
    """What a step was about, its losses, what each counts (1 where nothing is said), and the pieces read."""

    kind: str
    losses: dict[str, Tensor]
    n_pieces: int
    counts: dict[str, float] = field(default_factory=dict)


Take = Callable[[random.Random, torch.Generator], Step]


@dataclass(slots=True)
class Loop:
    """A model in training; `log` has one line per checkpoint."""

    model: nn.Module
    schedule: Schedule
    seed: int
    average: AveragedModel | None = None
    step: int = 0
    seconds: float = 0.0
    log: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if decay := self.schedule.average:
            self.average = AveragedModel(self.model, multi_avg_fn=get_ema_multi_avg_fn(decay)).eval()

    @property
    def best(self) -> nn.Module:
        """The average of the weights so far, where one is kept."""
        return self.average.module if self.average else self.model

    def run(self, work: Path, take: Take, on_progress: Progress) -> None:
        """All steps that are left, from the checkpoint in `work` on."""
        schedule = self.schedule
        optimizer = torch.optim.AdamW(
            self.model.parameters(), lr=schedule.learning_rate, weight_decay=schedule.weight_decay, fused=True
        )
        self._read_checkpoint(work / CHECKPOINT, optimizer)
        tally = _Tally(device_of(self.model))
        self.model.train()
        while self.step < schedule.steps:
            self._take_step(take, optimizer, tally)
            on_progress(self.step, schedule.steps, tally.rate, tally.note)
            if self.step % schedule.checkpoint_every == 0 or self.step == schedule.steps:
                self.seconds += tally.seconds
                self.log.append({"step": self.step, **tally.line(), "seconds": round(self.seconds, 1)})
                tally.restart()
                self._write_checkpoint(work, optimizer)

    def _take_step(self, take: Take, optimizer, tally: "_Tally") -> None:
        """Of all randomness only `seed:step` decides."""
        rng = random.Random(f"{self.seed}:{self.step}")
        generator = torch.Generator(device_of(self.model)).manual_seed(rng.getrandbits(62))
        torch.manual_seed(rng.getrandbits(62))  # dropout
        with tally.counting(), _in_memory(self.schedule):
            step = take(rng, generator)
            counted = [abs(step.counts.get(name, 1.0)) * value for name, value in step.losses.items()]
            self._update(optimizer, counted)
        self.step += 1
        tally.add(step)

    def _update(self, optimizer, losses: list[Tensor]) -> None:
        if not losses:  # no word of a small batch was hidden
            return
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(self.schedule, self.step)
        optimizer.zero_grad()
        torch.stack(losses).sum().backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        optimizer.step()
        if self.average:
            self.average.update_parameters(self.model)

    def _write_checkpoint(self, work: Path, optimizer) -> None:
        """The checkpoint whole or not at all; the log is only a copy of what it holds."""
        path, partial = work / CHECKPOINT, work / (CHECKPOINT + ".partial")
        state = {"step": self.step, "seconds": self.seconds, "log": self.log}
        state |= {"model": self.model.state_dict(), "optimizer": optimizer.state_dict()}
        if self.average:
            state["average"] = self.average.state_dict()
        with writing(path):
            torch.save(state, partial)
            partial.replace(path)
            replace(work / LOG, format_log(self.log))

    def _read_checkpoint(self, path: Path, optimizer) -> None:
        if not path.is_file():
            return
        try:
            state = torch.load(path, weights_only=True, map_location="cpu")
            self.model.load_state_dict(state["model"])
            optimizer.load_state_dict(state["optimizer"])
            if self.average:
                self.average.load_state_dict(state["average"])
            self.step, self.seconds, self.log = state["step"], state["seconds"], state["log"]
        except (OSError, EOFError, RuntimeError, LookupError, ValueError, TypeError, UnpicklingError) as error:
            first = (str(error).splitlines() or [type(error).__name__])[0][:120]
            raise LowresError(path, f"not a checkpoint of this training ({first})", "remove it to start again") from None


@contextmanager
def _in_memory(schedule: Schedule) -> Iterator[None]:
    """A step that does not fit as a LowresError; what was learnt before is in the checkpoint."""
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        # torch raises a plain RuntimeError where the CPU's allocator has no more
        if not isinstance(error, MemoryError | torch.OutOfMemoryError) and not any(said in str(error) for said in _NO_MEMORY):
            raise
        told = f"a step of {schedule.pieces_per_step:,} pieces does not fit into memory"
        raise LowresError("training.pieces_per_step", told, "a smaller number; remove the work folder to begin anew with it") from error


def learning_rate(schedule: Schedule, step: int) -> float:
    """Linear over the warm-up, then half a cosine."""
    if step < schedule.warmup:
        return schedule.learning_rate * (step + 1) / schedule.warmup
    left = max(1, schedule.steps - schedule.warmup)
    return schedule.learning_rate * 0.5 * (1 + math.cos(math.pi * (step - schedule.warmup) / left))


def format_log(log: list[dict[str, Any]]) -> str:
    """A line of JSON for each checkpoint."""
    return "".join(json.dumps(line) + "\n" for line in log)


class _Tally:
    """Losses by kind, pieces and seconds since the last checkpoint, and the share of the device's peak.

    The operations of matrix products are counted in the first step after each checkpoint, and taken to grow with pieces.
    """

    def __init__(self, device: torch.device) -> None:
        self._device, self._peak = device, 0.0
        self._counted_operations, self._counted_pieces = 0, 0
        self.restart()

    def restart(self) -> None:
        """Count anew."""
        self._losses: dict[str, list[float]] = {}
        self._peak = max(self._peak, peak(self._device))  # the best of all, as something else may run for a while
        self._n_pieces, self._started, self.note = 0, time.perf_counter(), ""
        self._counter: FlopCounterMode | None = FlopCounterMode(display=False)

    def counting(self) -> AbstractContextManager:
        """What a step is taken in."""
        return self._counter or nullcontext()

    def add(self, step: Step) -> None:
        """One step."""
        if self._counter:
            self._counted_operations += self._counter.get_total_flops()
            self._counted_pieces += step.n_pieces
            self._counter = None
        for name, value in step.losses.items():
            self._losses.setdefault(f"{step.kind}/{name}", []).append(value.item())
        self._n_pieces += step.n_pieces
        self.note = ", ".join(f"{step.kind} {name} {value.item():.2f}" for name, value in step.losses.items())

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
        share = self.rate * self._counted_operations / max(self._counted_pieces, 1) / self._peak
        return {"loss": losses, "pieces_per_second": round(self.rate), "share_of_peak": round(share, 3)}


def peak(device: torch.device, n: int = 1024) -> float:
    """Operations per second of a bare matrix product in the precision that training uses, the best of five."""
    one = torch.ones(n, n, device=device)
    with autocast():
        one = one @ one  # in the precision of autocast, and warm
    return 2.0 * n**3 / min(_seconds_of_product(one) for _ in range(5))


def _seconds_of_product(one: Tensor) -> float:
    wait = torch.cuda.synchronize if one.is_cuda else (lambda: None)
    wait()
    started = time.perf_counter()
    for _ in range(4):
        one @ one
    wait()
    return (time.perf_counter() - started) / 4
