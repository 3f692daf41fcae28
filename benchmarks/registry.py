"""A registry of a thousand adapters: how long a listing takes, what a pull reads, how large an index of ten thousand is.

    python benchmarks/registry.py --adapters 1000

The packages are small copies of one; what is timed does not read their weights. The bars: a listing in 2 s, a pull that
reads its own release and its own files alone, an index of 10,000 packages under 3 MB.
"""

import argparse
import json
import os
import random
import statistics
import tempfile
import time
from pathlib import Path

from lowres.identifier import learn_profile
from lowres.registry.base import identify_base
from lowres.registry.client import pull
from lowres.registry.files import FileRegistry
from lowres.registry.package import Figure, Package, Scores, Source
from lowres.registry.packing import pack
from lowres.registry.release import Index, Row, format_index
from lowres.registry.store import Store

FILES = {"adapter_config.json": '{"r": 4, "lora_alpha": 8, "target_modules": ["query"]}', "lowres.json": '{"base": "lowres-mini"}', "labels.json": '{"intents": ["a"], "slots": ["O"]}',
         "recipe.yaml": "", "language.yaml": "", "report.json": "{}"}  # fmt: skip
TENSORS = ("adapter_model.safetensors", "transitions.safetensors")
PROFILE = learn_profile("sw-KE", ["niamshe saa moja asubuhi"])


def make_package(folder: Path, number: int, base) -> Package:
    """A package whose weights no other has."""
    folder.mkdir(parents=True)
    header = json.dumps({"t": {"dtype": "U8", "shape": [8], "data_offsets": [0, 8]}}).encode()
    for name in TENSORS:
        (folder / name).write_bytes(len(header).to_bytes(8, "little") + header + number.to_bytes(8, "little"))
    PROFILE.write(folder / "profile.safetensors")
    for name, text in FILES.items():
        (folder / name).write_text(text)
    return pack(folder, facts(number, base), lambda package: f"# {package.spec}\n")


def facts(number: int, base) -> dict:
    rng = random.Random(number)
    figure = [Figure(value=(v := rng.random()), low=v - 0.01, high=v + 0.01) for _ in range(4)]
    shares = dict(zip(("intent_accuracy", "slot_f1", "exact_match", "gain"), figure, strict=True))
    scores = Scores(dataset="massive", locale="sw-KE", partition="test", n=2974, control="gloss", signature="x" * 120, **shares)
    source = Source(name="massive", use="source", licence="CC-BY-4.0", citation="FitzGerald et al. 2022")
    return {"name": f"adapter-{number:05d}", "version": "1.0.0", "language": "swh", "locale": "sw-KE", "licence": "CC-BY-4.0", "seed": 13,
            "created": "2026-01-01T00:00:00+00:00", "lowres": "0.1.0", "base": base, "scores": (scores,), "sources": (source,)}  # fmt: skip


def timed(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def index_bytes(registry: FileRegistry, n: int) -> int:
    """Of an index of n rows, every one with name, scores and hash of its own."""
    rng, first = random.Random(13), registry.rows()[0]
    rows = [_other(first, number, rng) for number in range(n)]
    return len(format_index(Index(serial=n, rows=tuple(rows))))


def _other(row: Row, number: int, rng: random.Random) -> Row:
    figures = [Figure(value=round(v := rng.random(), 4), low=round(v - 0.02, 4), high=round(v + 0.02, 4)) for _ in range(2)]
    name = "".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=3))
    return row.model_copy(update={
        "name": f"{name}-dataset-{number}", "language": name, "locale": f"{name}-XX", "exact_match": figures[0], "gain": figures[1],
        "bytes": rng.randrange(1 << 22), "release": f"{rng.getrandbits(256):064x}"})  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--adapters", type=int, default=1000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        os.environ["LOWRES_CACHE"] = f"{work}/cache"
        registry, base = FileRegistry(f"{work}/registry"), identify_base("lowres-mini")
        registry.write_index = lambda: Index()  # once at the end: what one publisher among many does is timed below
        publishing = [
            timed(lambda i=i: registry.publish(Path(work) / f"p{i}", make_package(Path(work) / f"p{i}", i, base)))
            for i in range(options.adapters)
        ]
        del registry.write_index
        print(f"{options.adapters} published, median {1000 * statistics.median(publishing):.1f} ms without the index")
        print(f"listing without an index: {min(timed(registry.rows) for _ in range(3)):.2f} s")
        print(f"writing the index: {timed(registry.write_index):.2f} s")
        print(f"listing with the index: {min(timed(registry.rows) for _ in range(3)):.2f} s (bar 2)")
        read: list[str] = []
        stream = Store._stream
        Store._stream = lambda self, name, *rest: (read.append(name), stream(self, name, *rest))[1]
        name = f"adapter-{options.adapters // 2:05d}"
        took = timed(lambda: pull(name, registry.url))
        others = [one for one in read if "releases" in one and name not in one]
        print(f"pull of one: {1000 * took:.0f} ms, {len(read)} files read, of them {len(others)} of other adapters")
        print(f"index of 10,000 packages: {index_bytes(registry, 10_000) / 1e6:.2f} MB (bar 3)")


if __name__ == "__main__":
    main()
