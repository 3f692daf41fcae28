"""The chain on the demo's data: synthesize, adapt, write, read, predict."""

import json

import pytest
import torch

from lowres.adapter import adapt, held_out, predict, read_adapter
from lowres.errors import LowresError
from lowres.formats.massive import read_massive
from lowres.formats.pairs import read_table
from lowres.gloss import build_glosser
from lowres.language import read_language
from lowres.lexicon import SourcedEntry, build_lexicon
from lowres.model import best_labels, bridge_gaps, transition_scores
from lowres.morphology import Paradigms
from lowres.recipe import Adapt
from lowres.resources import resources_folder
from lowres.rules import Resources, look_up
from lowres.rules.grammar import drop_articles, order
from lowres.synthesis import format_kept, parse_kept, synthesize
from lowres.tally import Tally

DEMO = resources_folder() / "demo"


def _pairs():
    source = [u for u in read_massive(DEMO / "en-US.jsonl") if u.partition == "train"][:120]
    lexicon = build_lexicon(SourcedEntry(entry, "demo") for entry in read_table(DEMO / "lexicon.tsv"))
    options = {"locale": "sw-KE", "variants": 2, "min_coverage": 0.3, "seed": 13, "tally": Tally()}
    resources = Resources(read_language("swh"), lexicon)
    return source, lexicon, list(synthesize(source, [look_up, drop_articles, order], resources, **options))


def test_synthesis_repeats_itself_and_its_lines_are_read_back():
    kept = _pairs()[2]
    lines = [format_kept(one) for one in kept]
    assert lines == [format_kept(one) for one in _pairs()[2]] and len(lines) > 60
    assert [format_kept(parse_kept(json.loads(line))) for line in lines] == lines


def test_an_adapter_is_read_back_as_it_was_written(tmp_path):
    source, lexicon, kept = _pairs()
    glosser = build_glosser(lexicon, Paradigms(), kept)
    adapt([one.utterance for one in kept], source, Adapt(epochs=1, batch_size=16), tmp_path, glosser=glosser)
    assert json.loads((tmp_path / "log.jsonl").read_text().splitlines()[0])["epoch"] == 1
    first, second = (predict(read_adapter(tmp_path / "adapter"), [kept[0].utterance])[0] for _ in range(2))
    assert first == second and first.utterance.text == kept[0].utterance.text


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
