"""The chain on the demo's data: synthesize, adapt, write, read, predict."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import torch
from peft import PeftModel
from safetensors.torch import load_file

from lowres.adapter import GLOSSES_FILE, adapt, held_out, read_adapter, read_words
from lowres.errors import LowresError
from lowres.formats.massive import read_massive
from lowres.formats.pairs import read_table
from lowres.gloss import build_glosser
from lowres.language import read_language
from lowres.lexicon import SourcedEntry, build_lexicon
from lowres.model import (
    LABELS_FILE,
    best_labels,
    bridge_gaps,
    collate,
    collect_labels,
    encode,
    forgetting,
    read_base,
    read_labels,
    transition_scores,
)
from lowres.morphology import Paradigms
from lowres.reading import Reader, log_probabilities, predict
from lowres.recipe import Adapt
from lowres.resources import resources_folder
from lowres.rules import Resources, look_up
from lowres.rules.grammar import drop_articles, order
from lowres.synthesis import format_kept, parse_kept, synthesize
from lowres.tally import Tally
from lowres.vocabulary import MIN_PIECES, build_vocabulary

DEMO = resources_folder() / "demo"


@pytest.fixture(scope="module", autouse=True)
def few_steps():
    """A training in a second; that it is too short to learn much does not matter here."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("lowres.adapter.MIN_STEPS", 8)
        yield


@cache
def _pairs():
    source = [u for u in read_massive(DEMO / "en-US.jsonl") if u.partition == "train"][:120]
    lexicon = build_lexicon(SourcedEntry(entry, "demo") for entry in read_table(DEMO / "lexicon.tsv"))
    options = {"locale": "sw-KE", "variants": 2, "min_coverage": 0.3, "seed": 13, "tally": Tally()}
    resources = Resources(read_language("swh"), lexicon)
    return source, lexicon, list(synthesize(source, [look_up, drop_articles, order], resources, **options))


def test_synthesis_repeats_itself_and_its_lines_are_read_back():
    kept = _pairs()[2]
    lines = [format_kept(one) for one in kept]
    assert lines == [format_kept(one) for one in _pairs.__wrapped__()[2]] and len(lines) > 60
    assert [format_kept(parse_kept(json.loads(line))) for line in lines] == lines


def test_an_adapter_is_read_back_as_it_was_written(tmp_path):
    source, lexicon, kept = _pairs()
    glosser = build_glosser(lexicon, Paradigms(), kept)
    adapt([one.utterance for one in kept], source, Adapt(epochs=1, batch_size=16), tmp_path, glosser=glosser)
    assert json.loads((tmp_path / "log.jsonl").read_text().splitlines()[0])["epoch"] == 1
    first, second = (predict(read_adapter(tmp_path / "adapter"), [kept[0].utterance])[0] for _ in range(2))
    assert first == second and first.utterance.text == kept[0].utterance.text


@pytest.mark.parametrize("gloss, beside, again", [(True, True, True), ("beside", True, False), ("reading", False, True)])
def test_an_adapter_reads_glosses_as_it_was_taught_to(gloss, beside, again, tmp_path):
    source, lexicon, kept = _pairs()
    glosser = build_glosser(lexicon, Paradigms(), kept)
    settings = Adapt(epochs=1, batch_size=16, gloss=gloss)
    adapt([one.utterance for one in kept[:60]], source, settings, tmp_path, glosser=glosser)
    reader = read_adapter(tmp_path / "adapter")
    assert (reader.beside, reader.again, reader.glosser.glosses) == (beside, again, glosser.glosses)


def test_an_adapter_without_glosses_carries_none(tmp_path):
    source, lexicon, kept = _pairs()
    glosser = build_glosser(lexicon, Paradigms(), kept)
    adapt([one.utterance for one in kept[:60]], source, Adapt(epochs=1, batch_size=16, gloss=False), tmp_path, glosser=glosser)
    assert not (tmp_path / "adapter" / GLOSSES_FILE).exists() and read_adapter(tmp_path / "adapter").glosser is None


@pytest.fixture(scope="module")
def with_words(tmp_path_factory) -> Path:
    """An adapter with words of its own, and its pairs."""
    source, lexicon, kept = _pairs()
    folder = tmp_path_factory.mktemp("words")
    vocabulary = build_vocabulary(kept, lexicon, Paradigms(), {})
    settings = Adapt(epochs=1, batch_size=16, new_words=40, gloss="beside")
    glosser = build_glosser(lexicon, Paradigms(), kept)
    adapt([one.utterance for one in kept], source, settings, folder, glosser=glosser, vocabulary=vocabulary)
    return folder / "adapter"


def test_new_words_are_tokens_that_the_adapter_carries(with_words):
    reader = read_adapter(with_words)
    names, first = read_words(with_words), len(reader.pieces.tokenizer)
    assert len(names) == 40 and [reader.pieces.own[name] for name in names] == list(range(first, first + 40))
    assert all(len(reader.pieces.split(name)) >= MIN_PIECES for name in names)
    assert reader.pieces.pieces(names[0].upper() + "?") == (first,)
    rows = reader.model.get_input_embeddings()(torch.arange(first, first + 40))
    stored = load_file(with_words / "adapter_model.safetensors")
    trained = next(value for name, value in stored.items() if "trainable_tokens" in name)
    assert torch.equal(rows, trained[-40:]) and len({tuple(row) for row in rows.tolist()}) == 40


def test_new_words_load_with_plain_peft_over_the_base_as_it_is(with_words):
    kept = _pairs()[2]
    reader = read_adapter(with_words)
    model, pieces, _ = read_base("lowres-mini", read_labels(with_words / LABELS_FILE))
    plain = PeftModel.from_pretrained(model, with_words).eval()
    batch = collate([encode(one.utterance, reader.pieces) for one in kept[:8]], reader.pieces)
    assert (batch.input_ids >= len(pieces.tokenizer)).any()
    with torch.no_grad():
        assert all(torch.equal(a, b) for a, b in zip(plain(batch), reader.model.eval()(batch), strict=True))


def test_an_adapter_that_shall_remember_stays_closer_to_the_base(tmp_path):
    source, _, kept = _pairs()
    model, pieces, labels = read_base("lowres-mini")
    source = [one for one in source if labels.covers(collect_labels([one]))]
    target = [one.utterance for one in kept if labels.covers(collect_labels([one.utterance]))]
    examples = [encode(one, pieces, labels) for one in source]
    base = log_probabilities(Reader(model, pieces, labels), examples)
    taught = [replace(example, taught=answer) for example, answer in zip(examples, base, strict=True)]
    assert float(_distance(model, taught, pieces)) == pytest.approx(0, abs=1e-3)  # bf16 where the processor has it
    far = []
    for remember in (0.0, 5.0):
        folder = tmp_path / str(remember)
        folder.mkdir()
        adapt(target, source, Adapt(epochs=4, batch_size=8, learning_rate=2e-2, gloss=False, remember=remember), folder)
        far.append(float(_distance(read_adapter(folder / "adapter").model, taught, pieces)))
    assert 0 < far[1] < 0.8 * far[0]


def test_a_base_that_does_not_know_the_labels_teaches_nothing(tmp_path):
    source, _, kept = _pairs()
    adapt([one.utterance for one in kept[:60]], source, Adapt(epochs=1, batch_size=16, gloss=False, remember=1.0), tmp_path)
    assert len(read_adapter(tmp_path / "adapter").labels.intents) == len(collect_labels([*source]).intents)


@torch.no_grad()
def _distance(model, taught, pieces) -> torch.Tensor:
    batch = collate(taught, pieces)
    return forgetting(*model.eval()(batch), batch)


def test_the_dev_part_is_a_twentieth_with_all_variants_and_without_variants_too():
    pairs = [f"{i}:{variant}" for i in range(2000) for variant in range(2)]
    assert 60 <= sum(held_out(one) for one in pairs[::2]) <= 140
    assert all(held_out(a) == held_out(b) for a, b in zip(pairs[::2], pairs[1::2], strict=True))
    assert 60 <= sum(held_out(str(i)) for i in range(2000)) <= 140


def test_decoding_follows_transitions_and_bridges_one_word():
    rows = [[0, 1, 1, 0], [0, 1, 1, 1]]
    transitions = transition_scores(rows, 3)
    emissions = torch.log(torch.tensor([[0.8, 0.1, 0.1], [0.1, 0.5, 0.4], [0.1, 0.44, 0.46]]))
    assert best_labels(emissions, None) == [0, 1, 2] and best_labels(emissions, transitions) == [0, 1, 1]
    assert bridge_gaps([1, 0, 1, 0, 2, 0, 0, 2]) == [1, 1, 1, 0, 2, 0, 0, 2]


def test_nothing_to_train_on_is_said_in_one_line(tmp_path):
    with pytest.raises(LowresError, match="no utterance to train on"):
        adapt([], [], Adapt(epochs=1), tmp_path)
