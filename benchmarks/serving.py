"""Serving many languages from one base: throughput, latency, switching, memory, equality, and a server under load.

    python benchmarks/serving.py --adapter runs/swh-massive/adapt/adapter --mirror ../shared/data

The adapter is copied 64 times with perturbed weights, and registered up to a thousand times. Everything computes on one
core. Latency and throughput take turns with what they are compared with, so that a busy machine slows both. The encoder
of XLM-R base's size (12 layers of 768, random weights, single precision) reads the same pieces once, ours reads twice.
"""

import argparse
import asyncio
import gc
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from _measure import forked, seconds, verdict

CLOCK = time.perf_counter
LANGUAGES, REGISTERED = 64, (1, 64, 1000)
MALFORMED = [
    b"{", b"", b'{"text":1}', b'{"text":"\\ud800"}', b'{"text":"a\\u0000"}', b"[" * 3000, b"\xff\xfe", b"[]", b'{"txt":"x"}',
    b'{"text":"x","locale":"zz-ZZ"}', b'{"text":"%s"}' % (b"x" * 2000), b'"%s"' % (b"x" * 90_000),
]  # fmt: skip


def copies(adapter: Path, folder: Path, count: int) -> list[Path]:
    """`count` adapters like `adapter`, each with weights of its own."""
    import torch
    from safetensors.torch import load_file, save_file

    weights = load_file(adapter / "adapter_model.safetensors")
    made = [folder / f"copy{i}" for i in range(count)]
    for i, place in enumerate(made):
        shutil.copytree(adapter, place, ignore=shutil.ignore_patterns("package.*"))  # whose hashes these are not
        torch.manual_seed(i)
        changed = {name: (value.float() * (1 + 0.01 * torch.randn(value.shape))).half() for name, value in weights.items()}
        save_file(changed, place / "adapter_model.safetensors", metadata={"format": "pt"})
    return made


def registered(made: Sequence[Path], folder: Path, count: int):
    """`count` installed adapters: those made, and further names of theirs."""
    from lowres.serving.installed import Installed

    places = list(made[:count])
    for i in range(len(made), count):
        place = folder / f"link{i}"
        if not place.is_symlink():
            place.symlink_to(made[i % len(made)])
        places.append(place)
    return [Installed(name=f"a{i}", version="1.0.0", language="mis", locale=f"mis-x-a{i}", folder=place) for i, place in enumerate(places)]


def resident_bytes(pid: int | str = "self") -> int:
    """Resident memory of a process."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def in_turns(works: Mapping[str, Callable[[int], object]], rounds: int, turn: int = 1) -> dict[str, list[float]]:
    """Seconds of each work in each round, `turn` rounds of one work after another: a large work leaves nothing in the caches."""
    spent: dict[str, list[float]] = {name: [] for name in works}
    for first in range(0, rounds, turn):
        for name, work in works.items():
            for k in range(first, min(rounds, first + turn)):
                started = CLOCK()
                work(k)
                spent[name].append(CLOCK() - started)
    return spent


def quantile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def row(what: str, measured: str, bar: str = "", reached: bool | None = None) -> None:
    """Print a line of the table."""
    print(f"| {what} | {measured} | {bar} | {'' if reached is None else verdict(reached)} |", flush=True)


def large_reader(pieces, labels):
    """An encoder of XLM-R base's size with random weights, as the plain reader uses one: forward pass and nothing else."""
    import torch
    from transformers import XLMRobertaConfig, XLMRobertaModel

    from lowres.model import LabelledEncoder, collate, encode_text

    sizes = {"hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12, "intermediate_size": 3072}
    config = XLMRobertaConfig(vocab_size=40_000, max_position_embeddings=514, **sizes)
    model = LabelledEncoder(XLMRobertaModel(config), labels).eval()

    def read(text: str) -> None:
        with torch.inference_mode():
            model(collate([encode_text(text, pieces)], pieces))

    return read


def print_equality(adapter: Path, gold, engines) -> None:
    """Exact match of the plain reader and of the engine, torch and ONNX, on the same utterances."""
    from lowres.adapter import read_adapter
    from lowres.evaluation import Prediction, answers, is_exact
    from lowres.reading import predict

    plain = predict(read_adapter(adapter), gold)
    shares = {"plain reader": [is_exact(one) for one in answers(gold, plain)]}
    for name, engine in engines.items():
        found = engine.read([one.text for one in gold], [adapter] * len(gold))
        said = [
            Prediction(utterance=replace(u, intent=f.intent, slots=f.slots), confidence=f.confidence)
            for u, f in zip(gold, found, strict=True)
        ]
        shares[name] = [is_exact(one) for one in answers(gold, said)]
        same = sum(p.utterance.intent == f.intent and p.utterance.slots == f.slots for p, f in zip(plain, found, strict=True))
        off = 100 * abs(sum(shares[name]) - sum(shares["plain reader"])) / len(gold)
        told = f"{same:,} of {len(gold):,}; exact match {off:.2f} points off"
        row(f"same answers as the plain reader, {name}", told, "0.5 points", off <= 0.5)
    row("exact match", ", ".join(f"{name} {100 * sum(x) / len(x):.2f}" for name, x in shares.items()))


def print_latency(texts: Sequence[str], adapter: Path, engines, rounds: int) -> None:
    """One utterance at a time, with glosses and both readings, against the large encoder."""
    base = next(iter(engines.values())).base
    large = large_reader(base.reader, base.own.labels)
    works = {name: lambda k, engine=engine: engine.read([texts[k % len(texts)]], [adapter]) for name, engine in engines.items()}
    works["large"] = lambda k: large(texts[k % len(texts)])
    in_turns(works, 5)
    spent = in_turns(works, rounds, 20)
    for name in engines:
        p50, p95 = median(spent[name]), quantile(spent[name], 0.95)
        ratio = median(spent["large"]) / p50
        bar = ("12 ms, 10x", p50 < 0.012 and ratio >= 10) if name == "ONNX" else ()
        row(f"one utterance, {name}", f"p50 {seconds(p50)}, p95 {seconds(p95)}, {ratio:.1f}x faster", *bar)
    row("one utterance, XLM-R base's size", f"p50 {seconds(median(spent['large']))}, p95 {seconds(quantile(spent['large'], 0.95))}")


def print_switch(texts: Sequence[str], made: Sequence[Path], engine, rounds: int) -> None:
    """What another adapter than the last one costs an utterance, and how long one is read from disk."""
    from lowres.serving.resident import read_resident

    engine.read([texts[0]] * len(made), made)
    pool = {"switch": lambda k: engine.pool.get(made[k % len(made)]), "load": lambda k: read_resident(made[k % len(made)], engine.base)}
    works = {
        "same": lambda k: engine.read([texts[k % 50]], [made[0]]),
        "other": lambda k: engine.read([texts[k % 50]], [made[k % len(made)]]),
    }
    in_turns(works, len(made))
    whole, parts = in_turns(works, rounds), in_turns(pool, min(rounds, 20))
    more = median(whole["other"]) - median(whole["same"])
    row("another adapter than the last", f"{1e3 * max(0.0, more):.2f} ms more for an utterance", "10 ms", more < 0.01)
    row("an adapter from disk", seconds(median(parts["load"])))


def print_memory(made: Sequence[Path], base) -> None:
    """Resident memory of each further adapter, beside the bytes of its files."""
    from lowres.serving.engine import Engine

    engine = Engine(base, memory=1 << 40)
    engine.pool.get(made[0])
    gc.collect()
    before = resident_bytes()
    for place in made[1:]:
        engine.pool.get(place)
    gc.collect()
    grown = (resident_bytes() - before) / (len(made) - 1)
    own = sum(path.stat().st_size for path in made[0].iterdir())
    said = engine.pool.n_bytes / len(made)
    told = f"{grown / 1e6:.2f} MB for {own / 1e6:.2f} MB of files, {grown / own:.2f}x (counted: {said / 1e6:.2f} MB)"
    row("memory of an adapter", told, "1.3x, 6 MB", grown <= 1.3 * own and grown <= 6e6)


def print_throughput(texts: Sequence[str], made: Sequence[Path], folder: Path, rounds: int, base_engine) -> None:
    """One language's stream against that of 64 languages, batches of 64 texts, by the number of registered adapters."""
    from lowres.serving.assistant import Assistant, Request

    draw = random.Random(1)
    for count in REGISTERED:
        assistant = Assistant(adapters=registered(made, folder, count), memory=1 << 30)
        n = min(count, LANGUAGES)
        batches = [[draw.choice(texts) for _ in range(LANGUAGES)] for _ in range(8)]
        one = [[Request(text=text, adapter="a0") for text in batch] for batch in batches]
        many = [[Request(text=text, adapter=f"a{i % n}") for i, text in enumerate(batch)] for batch in batches]
        works = {"one": lambda k: assistant.read(one[k % 8]), "many": lambda k: assistant.read(many[k % 8])}
        in_turns(works, 8)
        spent = {name: LANGUAGES / median(times) for name, times in in_turns(works, rounds).items()}
        share = spent["many"] / spent["one"]
        told = f"{spent['many']:,.0f} texts/s, one language {spent['one']:,.0f}: {share:.0%}"
        row(f"{count:,} registered, {n} in one stream", told, "80 %", share >= 0.8)


def serve_here(adapter: Path, port: int) -> None:
    """Be the server of the load test."""
    from lowres.serving.assistant import Assistant
    from lowres.serving.limits import Limits
    from lowres.serving.server import serve

    places = sorted(adapter.iterdir())
    serve(Assistant(adapters=registered(places, adapter, len(places))), port=port, limits=Limits(rate=1e6, burst=1_000_000))


def print_load(texts: Sequence[str], folder: Path, n_made: int, duration: float) -> None:
    """A server in a process of its own under load from this one, 5 % of it malformed."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([sys.executable, __file__, "--serve", str(port), "--adapter", str(folder)])
    try:
        found = asyncio.run(_load(texts, n_made, port, process, duration))
        process.send_signal(signal.SIGTERM)
        ended = process.wait(timeout=30) in (0, -signal.SIGTERM)
    finally:
        process.kill()
    good, bad, spent, before, after = found
    n_bad = sum(bad.values())
    refused = sum(count for status, count in bad.items() if 400 <= status < 500)
    growth = after / before - 1
    told = f"{sum(good.values()) / duration:,.0f} good requests/s, p50 {seconds(median(spent))}, p95 {seconds(quantile(spent, 0.95))}"
    row(f"server for {duration:g} s", told, "no crash", ended and set(good) == {200})
    row("malformed", f"{refused:,} of {n_bad:,} answered 4xx: {dict(sorted(bad.items()))}", "all", refused == n_bad)
    told = f"{before / 1e6:,.0f} MB after a fifth, {after / 1e6:,.0f} MB at the end: {growth:+.1%}"
    row("resident memory of the server", told, "5 %", abs(growth) <= 0.05)


async def _load(texts: Sequence[str], n_made: int, port: int, process, duration: float):
    import httpx

    good, bad, spent = Counter(), Counter(), []
    draw, memory = random.Random(2), []
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
        await _until_up(client, process)
        for i in range(n_made):  # so that no adapter is read from disk, and no batch is larger than all before, while it counts
            await client.post("/v1/read", json=[{"text": text, "adapter": f"a{i}"} for text in texts[: 64 if i < 4 else 1]])
        started = time.perf_counter()

        async def one() -> None:
            while time.perf_counter() - started < duration:
                wrong = draw.random() < 0.05
                asked = {"text": draw.choice(texts), "adapter": f"a{draw.randrange(n_made)}"}
                body = draw.choice(MALFORMED) if wrong else json.dumps(asked).encode()
                begun = time.perf_counter()
                answer = await client.post("/v1/read", content=body, headers={"content-type": "application/json"})
                (bad if wrong else good)[answer.status_code] += 1
                if not wrong:
                    spent.append(time.perf_counter() - begun)

        async def watch() -> None:
            await asyncio.sleep(duration / 5)
            memory.append(resident_bytes(process.pid))
            await asyncio.sleep(duration * 0.79)
            memory.append(resident_bytes(process.pid))

        await asyncio.gather(watch(), *(one() for _ in range(16)))
    return good, bad, spent, *memory


async def _until_up(client, process) -> None:
    import httpx

    while process.poll() is None:
        try:
            if (await client.get("/healthz")).status_code == 200:
                return
        except httpx.TransportError:
            await asyncio.sleep(0.2)
    raise SystemExit("the server did not come up")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--adapter", type=Path, required=True, help="a folder that lowres adapt wrote")
    parser.add_argument("--mirror", type=Path, help="of the data sets; LOWRES_MIRROR, or the cache")
    parser.add_argument("--locale", default="sw-KE", help="of MASSIVE's dev part that is read")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, 4 seconds of load")
    parser.add_argument("--only", default="equality,latency,memory,switch,throughput,load", help="parts, with commas")
    parser.add_argument("--core-time", action="store_true", help="processor time instead of time passed: on a busy machine")
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    import torch

    torch.set_num_threads(1)
    if options.core_time:
        global CLOCK
        CLOCK = time.process_time
    if options.serve:
        serve_here(options.adapter, options.serve)
        return
    from lowres.catalog import Reference
    from lowres.sources import read_utterances

    gold = read_utterances(Reference(dataset="massive", locale=options.locale, partition="dev"), Path.cwd(), options.mirror)
    with tempfile.TemporaryDirectory() as scratch:
        measure(options, random.Random(0).sample(gold, 200) if options.quick else gold, Path(scratch))


def measure(options, gold, scratch: Path) -> None:
    """Print the table."""
    from lowres.serving.base import open_base
    from lowres.serving.engine import Engine
    from lowres.serving.graph import open_graph

    base, texts, parts = open_base("lowres-mini"), [one.text for one in gold], options.only.split(",")
    engines = {"torch": Engine(base), "ONNX": Engine(base, forward=open_graph(base.encoder, base.table.shape[1]))}
    n_made, rounds = (32 if options.quick else LANGUAGES), (40 if options.quick else 300)
    (scratch / "made").mkdir()
    count = LANGUAGES if "throughput" in parts else n_made
    made = forked(lambda: copies(options.adapter, scratch / "made", count))  # so that its memory is not found free by what is measured
    print("| what | measured | bar | |\n|---|---|---|---|")
    if "memory" in parts:
        print_memory(made[:n_made], base)
    if "equality" in parts:
        print_equality(options.adapter, gold, engines)
    if "latency" in parts:
        print_latency(texts, options.adapter, engines, rounds)
    if "switch" in parts:
        print_switch(texts, made[:n_made], engines["ONNX"], rounds)
    if "throughput" in parts:
        print_throughput(texts, made, scratch, 8 if options.quick else 40, engines["ONNX"])
    if "load" in parts:
        print_load(texts, scratch / "made", len(made), 4 if options.quick else 30)


if __name__ == "__main__":
    main()
