"""What the model is unsure of before anybody speaks: the base's own reading of each prompt, measured once and kept."""

import json
import os
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from pathlib import Path

from lowres.catalog import Reference, cache_folder
from lowres.collection.asking import uncertainties
from lowres.collection.events import digest_of
from lowres.evaluation import answers
from lowres.utterance import Utterance

BASE = "lowres-mini"
_CHUNK = 64


@cache
def _base() -> str:
    from lowres.registry.base import identify_base

    return identify_base(BASE).model_dump_json()


def _path(reference: Reference, prompts: Mapping[str, Utterance]) -> Path:
    name = digest_of(f"{_base()} {reference.model_dump_json()} {len(prompts)}")
    return cache_folder() / "uncertainty" / f"{name[:32]}.json"


@lru_cache(maxsize=8)
def _read(path: Path, changed: int) -> dict[str, float]:
    return {str(key): float(value) for key, value in json.loads(path.read_text(encoding="utf-8")).items()}


def read_uncertainty(reference: Reference, prompts: Mapping[str, Utterance]) -> dict[str, float]:
    """By prompt id, 0..1; {} where it was not measured."""
    path = _path(reference, prompts)
    return _read(path, path.stat().st_mtime_ns) if path.is_file() else {}


def measure_uncertainty(reference: Reference, prompts: Mapping[str, Utterance], reader, advance: Callable[[float], None]) -> None:
    """Read every prompt with the base and keep how unsure it was; `advance` is told the share that is done."""
    from lowres.reading import predict

    rows, predicted = list(prompts.values()), []
    for start in range(0, len(rows), _CHUNK):
        predicted += predict(reader, rows[start : start + _CHUNK])
        advance(min(1.0, (start + _CHUNK) / len(rows)))
    path = _path(reference, prompts)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.write_text(json.dumps(uncertainties([answers(rows, predicted)])), encoding="utf-8")
    os.replace(partial, path)
