"""The engine says what the plain reader says: of one adapter, of many at once, from torch and from ONNX Runtime."""

import json
import random
from importlib.util import find_spec
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file

from lowres.errors import LowresError
from lowres.model import best_labels, bridge_gaps
from lowres.reading import _mixed
from lowres.serving.base import open_base
from lowres.serving.decoding import best_path, mix
from lowres.serving.engine import Engine
from lowres.serving.resident import read_resident
from lowres.serving.weights import Lora, Scratch, stack

TEXTS = ["niamshe saa moja", "wake me up at one", "habari za asubuhi", "somo mamoja mojani?", "ሰላም 7 አሁን", "x", ("saa " * 60).strip()]
NAMES = ["whole", "twin", "words", "plain", "labels", "attention", "headless"]


@pytest.fixture(scope="module")
def base(kitchen):
    return open_base("small", kitchen.folder)


@pytest.fixture(scope="module", params=["torch", "onnxruntime"])
def engine(request, base) -> Engine:
    if request.param == "torch":
        return Engine(base)
    if find_spec("onnxruntime") is None:
        pytest.skip("pip install 'lowres[serve]'")
    from lowres.serving.graph import open_graph

    return Engine(base, forward=open_graph(base.encoder, base.table.shape[1]))


@pytest.mark.parametrize("name", NAMES)
def test_one_adapter_reads_as_the_plain_reader_does(name, engine, adapters, kitchen, same):
    same(engine.read(TEXTS, [adapters[name]] * len(TEXTS)), kitchen.plain(adapters[name], TEXTS))


def test_the_base_reads_with_its_own_heads(engine, kitchen, same):
    same(engine.read(TEXTS, [None] * len(TEXTS)), kitchen.plain(None, TEXTS))


def test_a_batch_of_many_languages_reads_each_as_if_alone(engine, adapters, kitchen, same):
    pairs = [(text, folder) for text in TEXTS for folder in (None, *adapters.values())] * 2
    random.Random(1).shuffle(pairs)
    found = engine.read([text for text, _ in pairs], [folder for _, folder in pairs])
    plain = {folder: dict(zip(TEXTS, kitchen.plain(folder, TEXTS), strict=True)) for folder in (None, *adapters.values())}
    same(found, [plain[folder][text] for text, folder in pairs])


def test_a_broken_adapter_fails_its_own_texts_only(base, adapters, tmp_path, kitchen, same):
    engine = Engine(base)
    folders = [adapters["whole"], tmp_path / "nothing", None, adapters["twin"]]
    found = engine.read([TEXTS[0]] * 4, folders)
    assert isinstance(found[1], LowresError) and "no adapter here" in str(found[1])
    same([found[i] for i in (0, 2, 3)], [kitchen.plain(folders[i], TEXTS[:1])[0] for i in (0, 2, 3)])


def test_weights_that_overflow_fail_their_own_texts_only(base, adapters, kitchen, same):
    engine = Engine(base)
    found = engine.pool.get(adapters["twin"])
    found.heads.intent[0].fill_(float("inf"))
    read = engine.read([TEXTS[0]] * 2, [adapters["twin"], adapters["whole"]])
    assert isinstance(read[0], LowresError) and "no numbers" in str(read[0])
    same(read[1:], kitchen.plain(adapters["whole"], TEXTS[:1]))


def test_the_least_recently_used_is_put_out_and_read_again(base, adapters, kitchen, same):
    size = read_resident(adapters["whole"], base).n_bytes
    engine = Engine(base, memory=int(2.5 * size))
    a, b, c = (adapters[name] for name in ("whole", "twin", "words"))
    for folder in (a, b, a, c):
        engine.read(TEXTS[:1], [folder])
    assert engine.pool.n_bytes <= 2.5 * size and len(engine.pool) == 2 and engine.pool.n_evicted == 1
    assert engine.pool.n_read == 3
    same(engine.read(TEXTS, [a] * len(TEXTS)), kitchen.plain(a, TEXTS))
    assert engine.pool.n_read == 3  # b went, not a
    engine.read(TEXTS[:1], [b])
    assert engine.pool.n_read == 4


def test_more_adapters_in_a_batch_than_memory_holds_are_all_read(base, adapters, kitchen, same):
    engine = Engine(base, memory=1)
    found = engine.read([TEXTS[0]] * len(NAMES), [adapters[name] for name in NAMES])
    same(found, [kitchen.plain(adapters[name], TEXTS[:1])[0] for name in NAMES])
    assert len(engine.pool) == 1


def test_a_broken_adapter_is_not_read_again_at_once(base, tmp_path):
    engine = Engine(base)
    for _ in range(3):
        assert isinstance(engine.read(TEXTS[:1], [tmp_path])[0], LowresError)
    assert engine.pool.n_read == 1


def _spoil_tensor(folder: Path, name: str, value) -> None:
    path = folder / "adapter_model.safetensors"
    tensors = load_file(path)
    key = next(key for key in tensors if name in key)
    tensors[key] = value(tensors[key])
    save_file(tensors, path)


def _spoil_config(folder: Path, **values) -> None:
    path = folder / "adapter_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


SPOILS = {
    "cut": lambda f: (f / "adapter_model.safetensors").write_bytes((f / "adapter_model.safetensors").read_bytes()[:-9]),
    "no weights": lambda f: (f / "adapter_model.safetensors").unlink(),
    "nan": lambda f: _spoil_tensor(f, "lora_A", lambda t: t * float("nan")),
    "shape": lambda f: _spoil_tensor(f, "lora_B", lambda t: t[1:].contiguous()),
    "a row less": lambda f: _spoil_tensor(f, "trainable_tokens", lambda t: t[1:].contiguous()),
    "head": lambda f: _spoil_tensor(f, "slot_head.weight", lambda t: t[1:].contiguous()),
    "dora": lambda f: _spoil_config(f, use_dora=True),
    "alpha": lambda f: _spoil_config(f, lora_alpha="2"),
    "config": lambda f: (f / "adapter_config.json").write_text("[" * 100_000),
    "labels": lambda f: (f / "labels.json").write_text('{"intents": [1], "slots": ["O"]}'),
    "fewer labels": lambda f: (f / "labels.json").write_text('{"intents": ["a"], "slots": ["O", "b"]}'),
    "no labels": lambda f: (f / "labels.json").unlink(),
    "settings": lambda f: (f / "lowres.json").write_text("[]"),
    "another base": lambda f: (f / "lowres.json").write_text('{"base": "other"}'),
    "transitions": lambda f: save_file({"transitions": torch.zeros(2, 2)}, f / "transitions.safetensors"),
    "glosses": lambda f: (f / "glosses.tsv").write_text("b\tx\na\ty\n"),
    "bytes": lambda f: (f / "glosses.tsv").write_bytes(b"\xff\tx\n"),
    "affixes": lambda f: (f / "affixes.tsv").write_text("a\tb\n"),
    "loans": lambda f: (f / "loans.txt").write_text("taxi\n"),
    "words": lambda f: (f / "words.txt").write_text("never\nseen\nbefore\n"),
    "tensor": lambda f: save_file(load_file(f / "adapter_model.safetensors") | {"x": torch.zeros(1)}, f / "adapter_model.safetensors"),
}


@pytest.mark.parametrize("spoil", SPOILS.values(), ids=SPOILS)
def test_whatever_is_broken_is_said_in_one_line_before_it_is_used(spoil, base, adapters, tmp_path):
    import shutil

    folder = shutil.copytree(adapters["whole"], tmp_path / "broken")
    assert read_resident(folder, base).n_bytes
    spoil(folder)
    with pytest.raises(LowresError) as error:
        read_resident(folder, base)
    assert "\n" not in str(error.value)


def test_stacked_parts_are_each_adapters_own():
    torch.manual_seed(0)
    shapes = ((3, 4), (4, 2))
    full, small = Lora((2, 2), torch.randn(26).half()), Lora((0, 1), torch.randn(6).half())
    for loras in ([full], [full, full], [full, None], [full, small, None], [None], [small]):
        parts = stack(loras, shapes, Scratch())
        x = torch.randn(len(loras), 5, 3), torch.randn(len(loras), 5, 4)
        for k, lora in enumerate(loras):
            for layer in range(2):
                added = x[layer][k] @ parts[2 * layer][k] @ parts[2 * layer + 1][k]
                assert torch.allclose(added, x[layer][k] @ _product(lora, layer, shapes), atol=1e-4)
        assert all(part.is_contiguous() for part in parts)


def _product(lora: Lora | None, layer: int, shapes) -> torch.Tensor:
    (n, m), rank = shapes[layer], lora.ranks[layer] if lora else 0
    if not rank:
        return torch.zeros(n, m)
    at = sum(r * sum(shape) for r, shape in zip(lora.ranks[:layer], shapes, strict=False))
    a, b = lora.flat[at : at + n * rank].float(), lora.flat[at + n * rank : at + (n + m) * rank].float()
    return a.reshape(n, rank) @ b.reshape(rank, m)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 9), st.integers(2, 6), st.integers(0, 1000))
def test_decoding_is_the_plain_readers(n_words, n_labels, seed):
    torch.manual_seed(seed)
    emissions, transitions = torch.randn(n_words, n_labels).log_softmax(-1), torch.randn(n_labels, n_labels)
    assert best_path(emissions.numpy(), transitions.numpy()) == best_labels(emissions, transitions)
    assert best_path(emissions.numpy(), None) == best_labels(emissions, None)
    assert bridge_gaps(best_path(emissions.numpy(), None)) == bridge_gaps(best_labels(emissions, None))
    owners = sorted(random.Random(seed).choices(range(n_words + 1), k=n_words + 2))
    own = torch.randn(3).log_softmax(-1), emissions
    glossed = torch.randn(3).log_softmax(-1), torch.randn(len(owners), n_labels).log_softmax(-1)
    ours = mix(*(tuple(one.numpy() for one in pair) for pair in (own, glossed)), owners)
    assert all(torch.allclose(torch.from_numpy(a), b, atol=1e-5) for a, b in zip(ours, _mixed(own, glossed, owners), strict=True))


RUN = Path(__file__).resolve().parents[2] / "runs"


@pytest.mark.parametrize("place", sorted(RUN.glob("*/adapt/adapter")) or [None], ids=lambda p: p.parts[-3] if p else "none")
def test_real_adapters_are_read_as_the_plain_reader_reads_them(place, same):
    if place is None:
        pytest.skip("no finished run")
    from contextlib import nullcontext

    from lowres.adapter import read_adapter
    from lowres.reading import predict
    from lowres.utterance import Utterance

    base = open_base(json.loads((place / "lowres.json").read_text())["base"])
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("lowres.reading.autocast", nullcontext)
        plain = predict(read_adapter(place), [Utterance(id=str(i), text=text, locale="und") for i, text in enumerate(TEXTS)])
    same(Engine(base).read(TEXTS, [place] * len(TEXTS)), plain)
