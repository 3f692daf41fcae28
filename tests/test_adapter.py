"""The chain on the demo's data: synthesize, adapt, write, read, predict."""

import json

from lowres.adapter import adapt, predict, read_adapter
from lowres.formats.massive import read_massive
from lowres.formats.pairs import read_table
from lowres.gloss import build_glosser
from lowres.language import read_language
from lowres.lexicon import SourcedEntry, build_lexicon
from lowres.morphology import Paradigms
from lowres.recipe import Adapt
from lowres.resources import resources_folder
from lowres.rules import Resources, drop_articles, look_up, order
from lowres.synthesis import Tally, format_kept, parse_kept, synthesize

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
