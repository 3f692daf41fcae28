"""Packages for tests: a toy adapter's files, whole and valid, of a few hundred bytes each."""

import json
from math import prod
from pathlib import Path

from lowres.identifier import learn_profile
from lowres.registry.base import identify_base
from lowres.registry.package import Figure, Package, Scores, Source
from lowres.registry.packing import pack


def tensors(path: Path, shapes: dict[str, list[int]], fill: int = 0) -> None:
    """A safetensors file of bytes."""
    header, at = {}, 0
    for name, shape in shapes.items():
        header[name] = {"dtype": "U8", "shape": shape, "data_offsets": [at, at := at + prod(shape)]}
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + bytes([fill]) * at)


def facts(name: str = "toy", version: str = "1.0.0", language: str = "swh", **more) -> dict:
    """Fields of package.json."""
    shares = {"intent_accuracy": _figure(0.8), "slot_f1": _figure(0.6), "exact_match": _figure(0.5)}
    scores = Scores(dataset="massive", locale="sw-KE", partition="test", n=100, control="gloss", gain=_figure(0.1), signature="s", **shares)
    return {
        "name": name, "version": version, "language": language, "locale": "sw-KE", "licence": "CC-BY-4.0", "created": "2026-01-01",
        "lowres": "0.1.0", "base": identify_base("lowres-mini"), "seed": 13, "scores": (scores,),
        "sources": (Source(name="massive", use="source", licence="CC-BY-4.0", citation="FitzGerald et al."),),
    } | more  # fmt: skip


def _figure(value: float) -> Figure:
    return Figure(value=value, low=value - 0.01, high=value + 0.01)


def make_package(folder: Path, name: str = "toy", version: str = "1.0.0", language: str = "swh", fill: int = 0, **more) -> Package:
    """A package folder that passes every check."""
    folder.mkdir(parents=True)
    tensors(
        folder / "adapter_model.safetensors",
        {"base_model.model.intent_head.weight": [2, 4], "base_model.model.slot_head.weight": [3, 4]},
        fill,
    )
    tensors(folder / "transitions.safetensors", {"transitions": [3, 3]})
    learn_profile(more.get("locale", "sw-KE"), ["niamshe saa moja"]).write(folder / "profile.safetensors")
    texts = {
        "adapter_config.json": '{"peft_type": "LORA", "r": 4, "lora_alpha": 8, "target_modules": ["query"]}', "lowres.json": '{"base": "lowres-mini"}', "report.json": '{"reports": []}',
        "labels.json": '{"intents": ["a", "b"], "slots": ["O", "date", "time"]}', "recipe.yaml": f"name: {name}\n", "language.yaml": "iso639_3: swh\n",
        "glosses.tsv": f"maji\twater {name}\n", "affixes.tsv": "", "loans.txt": "taxi\n\nteksi\n",
    }  # fmt: skip
    for file, text in texts.items():
        (folder / file).write_text(text, encoding="utf-8")
    return pack(folder, facts(name, version, language, **more), lambda package: f"# {package.spec}\n")
