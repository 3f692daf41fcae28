"""Each benchmark runs on tiny input and prints what it promises; its figures are for an idle machine."""

import os
import random
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import pytest

from lowres.language import read_language
from lowres.rules import Resources
from lowres.utterance import Slot, Utterance

TESTS = Path(__file__).resolve().parent
TOY = TESTS / "fixtures" / "qaa"
BENCHMARKS = TESTS.parent / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))


def bench(script: str, *arguments: object, mirror=None) -> str:
    """What a script prints; its exit status must be 0."""
    environment = {key: value for key, value in os.environ.items() if key != "LOWRES_MIRROR"}
    environment |= {"OMP_NUM_THREADS": "1"} | ({"LOWRES_MIRROR": str(mirror)} if mirror else {})
    command = [sys.executable, BENCHMARKS / script, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def number(pattern: str, printed: str) -> float:
    """The figure that the pattern's group holds."""
    found = re.search(pattern, printed)
    assert found, f"no {pattern} in:\n{printed}"
    return float(found[1].replace(",", ""))


def test_synthesis_speed_prints_both_rates_their_ratio_and_a_profile(toy, tiny_base):
    (toy / "tiny").symlink_to(tiny_base)
    printed = bench("synthesis_speed.py", toy / "toy.yaml", "--repetitions", 1, "--profile")
    ours = number(r"whole synthesis ([\d,]+) source tokens/s", printed)
    bare = number(r"bare unigram loop .* ([\d,]+) source tokens/s", printed)
    rounded = 0.05 + bare / ours * (0.5 / ours + 0.5 / bare)  # what the printed figures leave open: a slow machine's rates are small
    assert number(r"ratio ([\d.]+)x", printed) == pytest.approx(bare / ours, abs=rounded + 1e-6)
    shares = {name: float(share) for name, share in re.findall(r"^  (.+?) +([\d.]+)%$", printed, re.MULTILINE)}
    assert {"analysis", "look_up", "qaa.clock", "transliterate"} <= shares.keys()
    assert all(0 <= share <= 100 for share in shares.values())


def test_the_bare_loop_is_the_published_one():
    from synthesis_speed import word_by_word

    lexicon = {"wake": ["amsha", "amka"], "me": ["mimi"]}
    made = word_by_word(["Wake  me zoe", "wake"], lexicon, random.Random(1))
    assert made[0] in ("amsha mimi zoe", "amka mimi zoe")
    assert {text for seed in range(20) for text in word_by_word(["wake"], lexicon, random.Random(seed))} == {"amsha", "amka"}


def test_synthesis_memory_prints_the_peak_of_the_real_command():
    printed = bench("synthesis_memory.py", "--entries", 1500, "--forms", 2000, "--utterances", 40)
    assert "1,500 entries, 2,000 forms, 40 utterances" in printed
    assert number(r"made ([\d,]+) pairs", printed) >= 40
    assert 20 < number(r"peak resident memory ([\d,]+) MB", printed) < 1000
    assert printed.rstrip().endswith("reached")


def test_made_lexicons_and_tables_have_the_size_that_is_asked(tmp_path):
    from synthesis_memory import write_recipe

    write_recipe(tmp_path, 1200, 900, 7)
    n_lines = {name: len((tmp_path / name).read_text(encoding="utf-8").splitlines()) for name in ("lexicon.tsv", "paradigms.tsv", "en.jsonl")}
    assert n_lines == {"lexicon.tsv": 1201, "paradigms.tsv": 900, "en.jsonl": 7}
    lefts = [line.split("\t")[0] for line in (tmp_path / "lexicon.tsv").read_text(encoding="utf-8").splitlines()[1:]]
    assert len(set(lefts)) == len(lefts) and "alarm" in lefts


@pytest.mark.skipif(find_spec("unimorph") is None, reason="the unimorph package is not installed")
def test_inflection_speed_prints_the_ratio_and_that_answers_agree(mirror):
    printed = bench("inflection_speed.py", "unimorph-cym", "--calls", 5, mirror=mirror)
    assert "5 of 5 answers are among inflect_word's" in printed
    assert number(r"ratio ([\d,]+)x faster", printed) > 50
    assert number(r"with it ([\d,]+)x faster", printed) > 1
    assert re.search(r"a fresh process reads it in [\d.]+ m?s", printed)


def test_startup_shows_that_nothing_heavy_is_imported():
    printed = bench("startup.py", "--repetitions", 1, "--no-sound")
    assert number(r"lowres --help ([\d.]+) m?s", printed) > 0
    assert number(r"ratio ([\d.]+)x", printed) > 1
    assert re.findall(r"^lowres (\S+).*: imports (.+)$", printed, re.MULTILINE) == [
        ("--help", "none"), ("list", "none"), ("check", "none"), ("synthesize", "none"),
    ]  # fmt: skip


def test_startup_would_see_a_heavy_import():
    from startup import COMMAND, heavy, last_line

    assert heavy(last_line("-c", "import pandas\n" + COMMAND, "--help") if find_spec("pandas") else ["pandas"]) == "pandas"


@pytest.mark.skipif(find_spec("seqeval") is None, reason="seqeval is not installed")
def test_scores_prints_both_times_and_that_the_figures_agree(mirror):
    printed = bench("scores.py", "--limit", 40, mirror=mirror)
    assert "40 utterances, 1,000 resamples" in printed
    assert number(r"difference ([\d.e-]+)", printed) < 1e-9
    assert 0 < number(r"slot F1 ([\d.]+)", printed) < 100
    assert number(r"ratio ([\d,]+)x faster", printed) > 10


def test_tagger_prints_accuracy_and_both_speeds(tmp_path):
    rows = [(1, "Play", "play", "VERB", "Mood=Imp"), (2, "music", "music", "NOUN", "Number=Sing"), (3, "!", "!", "PUNCT", "_")]
    lines = ["\t".join([str(i), form, lemma, upos, "_", feats, *"____"]) for i, form, lemma, upos, feats in rows]
    folder = tmp_path / "UD_English-Mine"
    folder.mkdir()
    (folder / "en_mine-ud-dev.conllu").write_text("\n".join([*lines, "", ""]), encoding="utf-8")
    printed = bench("tagger.py", "--data", tmp_path)
    assert number(r"en_mine-ud-dev: UPOS ([\d.]+)%", printed) == 100.0
    assert number(r"tag ([\d,]+) words/s", printed) > 0 and number(r"analyse ([\d,]+) words/s", printed) > 0


def test_table_prints_every_system_of_a_finished_run(finished, tmp_path):
    printed = bench("table.py", finished / "runs" / "toy", tmp_path)
    assert f"{tmp_path}: no evaluation yet" in printed
    rows = [line.split(" | ")[0].strip("| ") for line in printed.splitlines() if line.startswith("| ")]
    assert {"adapter", "base", "gloss", "skyline"} <= set(rows)
    assert any(row.startswith("adapter minus ") for row in rows)
    assert re.search(r"^`qaa.tsv/qaa/test\|n:15\|.*version:.*`$", printed, re.MULTILINE)
    assert "Core minutes: synthesize" in printed


def test_table_without_a_finished_run_says_so(tmp_path):
    done = subprocess.run([sys.executable, BENCHMARKS / "table.py", tmp_path], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "no finished run" in done.stderr


def test_adapt_options_prints_a_row_for_every_option(toy, tiny_base):
    (toy / "tiny").symlink_to(tiny_base)
    printed = bench("adapt_options.py", toy / "toy.yaml", "--option", "gloss=false,new_words=3", "--partition", "test")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in printed.splitlines() if line.startswith("|")][2:]
    assert [row[0] for row in rows] == ["the recipe", "gloss=false,new_words=3"] and rows[0][4] == ""
    assert all(0 <= float(row[k].split()[0]) <= 100 for row in rows for k in (1, 2, 3))
    gained = float(rows[1][3].split()[0]) - float(rows[0][3].split()[0])
    assert float(rows[1][4].split()[0].replace("−", "-")) == pytest.approx(gained, abs=0.11)


def test_an_option_that_adapt_does_not_have_is_refused_before_training(toy, tiny_base):
    (toy / "tiny").symlink_to(tiny_base)
    command = [sys.executable, BENCHMARKS / "adapt_options.py", toy / "toy.yaml", "--option", "glosses=1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "glosses=1" in done.stderr and not done.stdout


def test_unknown_words_prints_what_each_way_finds(toy, tiny_base):
    (toy / "tiny").symlink_to(tiny_base)
    printed = bench("unknown_words.py", toy / "toy.yaml", "--partition", "test")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in printed.splitlines() if line.startswith("|")][2:]
    assert [row[1] for row in rows] == ["affixes, marks, parts", "and changed borders", "and loans", "and roots"]
    shares = [float(row[2]) for row in rows]
    assert 100 >= shares[0] and shares == sorted(shares, reverse=True) and shares[-1] >= 0 and rows[0][6] == "" != rows[3][6]


def test_order_prints_tau_before_and_after(mirror):
    printed = bench("order.py", "urd-massive", "--limit", 60, mirror=mirror)
    language, pairs, aligned, before, after, change = [cell.strip() for cell in printed.splitlines()[2].strip("|").split("|")]
    assert language == "Urdu (ur-PK)" and int(pairs) > 20 and 0 < int(aligned.rstrip("%")) <= 100
    assert -1 <= float(before) < float(after) <= 1
    assert float(change) == pytest.approx(float(after) - float(before), abs=0.0011)


def test_tau_is_over_words_with_one_partner():
    from order import agreement, aligned

    from lowres.affixes import Affixes
    from lowres.pair import Word, read_pair

    pair = read_pair(Utterance(id="1", text="play songs now", locale="en"))
    pair = pair.with_words(Word(form, form, source=(i,)) for i, form in enumerate(("leko", "velisu", "dano")))
    resources = Resources(read_language("qaa", TOY))
    places = aligned(pair, ["dano", "velisumba", "leko"], resources, Affixes())
    assert places == {(0,): 2, (1,): 1, (2,): 0} and agreement(pair, places) == (-3, 3)
    assert aligned(pair, ["dano", "dano", "leko"], resources, Affixes()) == {(0,): 2}
    assert agreement(pair, {}) == (0, 0)


def test_context_prints_a_row_by_sentence_and_by_word(mirror):
    printed = bench("context.py", TESTS.parent / "recipes/amh-massive.yaml", "--limit", 5, mirror=mirror)
    rows = [line.split() for line in printed.splitlines() if line.startswith("  by the ")]
    assert [row[2] for row in rows] == ["sentence", "word"] and rows[0][3] == rows[1][3]  # B = 0 hears neither


def test_a_voice_decides_between_translations_of_like_weight():
    from context import Choice, share_right

    found = [Choice(0, 0, [0.0, -1.0], [["shore"], ["money"]], [False, True]), Choice(0, 1, [], [], [])]
    assert share_right(found, [[0.1, 0.5], []], 0) == 0 and share_right(found, [[0.1, 0.5], []], 4) == 50


def test_closeness_prints_words_slots_and_pairs(mirror):
    printed = bench("closeness.py", "swh-massive", "--show", 2, "--slot", "time", mirror=mirror)
    assert 50 < number(r"word F1 ([\d.]+)", printed) < 100 and number(r"time (\d+) \(", printed) > 50
    shown = [line for line in printed.splitlines() if line.startswith("  [")]
    assert len(shown) == 2 and all("[time: " in line for line in shown)


def test_closeness_counts_words_in_their_slot():
    from closeness import f1, grams, inside, percent

    said = Utterance(id="1", text="niamshe saa tatu asubuhi", locale="sw", slots=(Slot(name="time", start=8, end=24),))
    made = Utterance(id="1", text="Amka saa tatu", locale="sw", slots=(Slot(name="time", start=9, end=13),))
    assert percent(f1(grams(made.text, 1), grams(said.text, 1))) == pytest.approx(200 * 2 / 7)
    assert percent(f1(grams(made.text, 2), grams(said.text, 2))) == pytest.approx(200 * 1 / 5)
    assert percent(f1(inside(made, "time"), inside(said, "time"))) == pytest.approx(200 * 1 / 4)
    assert percent(f1(inside(made, "date"), inside(said, "time"))) == 0


@pytest.mark.parametrize("script", sorted(path.name for path in BENCHMARKS.glob("[!_]*.py")))
def test_every_script_opens_with_the_command_that_runs_it(script):
    text = (BENCHMARKS / script).read_text(encoding="utf-8")
    assert re.search(rf"^    (LOWRES_MIRROR=\S+ )?python benchmarks/{script}", text.split('"""')[1], re.MULTILINE)


def test_misheard_words_are_replaced_where_they_stand_and_slots_stay_on_them():
    from misheard import bigrams, misheard

    heard = SimpleNamespace(nearest={"wake": "bake", "nine": "nineties"}.get)
    said = Utterance(id="1", text="wake nine", locale="en", intent="alarm", slots=(Slot(name="time", start=5, end=9),))
    made = misheard(said, heard, 1.0)
    assert made.text == "bake nineties" and made.slot_text(made.slots[0]) == "nineties"
    assert misheard(said, heard, 0.0) == said
    assert bigrams("ab") == {" a", "ab", "b "}


@pytest.mark.skipif(find_spec("panphon") is None or find_spec("epitran") is None, reason="pip install 'lowres[sound]'")
def test_the_nearest_word_is_one_that_sounds_like_it():
    from misheard import Neighbours

    near = Neighbours(["tasa", "dasa", "tuza", "jumatano", "tasanya"], "swa-Latn")
    assert near.nearest("tasa") == "dasa" and near.nearest("xyz") == "xyz"


def test_wrong_letters_are_counted():
    from names import figures, letters_wrong

    assert [letters_wrong(*pair) for pair in (("abc", "abc"), ("", "abc"), ("abc", ""), ("abc", "adcc"))] == [0, 3, 3, 2]
    assert figures(str.upper, [("a", "A"), ("b", "C")]) == "50% / 50"


OBJECTIVES = """\
name: tiny
data:
  launched: [{path: "resources:demo/en-US.jsonl", format: massive, licence: CC0-1.0, locale: en-US, partition: train}]
  lexicons: [{path: "resources:demo/lexicon.tsv", format: table, licence: CC0-1.0, locale: swh}]
tokenizer: {vocabulary: 400, spare: 0}
model: {layers: 1, hidden: 16, heads: 2, feed_forward: 32}
training: {pieces_per_step: 256, weights: {labelled: 1, entries: 0, switched: 1, parallel: 0, text: 0, verses: 0}}
"""


def test_objectives_prints_a_row_for_every_kind_left_out(mirror, tmp_path):
    (tmp_path / "tiny.yaml").write_text(OBJECTIVES, encoding="utf-8")
    asked = ("--steps", 3, "--seed", 1, "--seed", 2, "--locale", "sw-KE", "--mirror", mirror)
    printed = bench("objectives.py", tmp_path / "tiny.yaml", *asked)
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in printed.splitlines() if line.startswith("|")][2:]
    assert [row[0] for row in rows] == ["all", "weights.labelled=0", "weights.switched=0"]
    assert all(0 <= float(row[k].split()[0]) <= 100 for row in rows for k in (1, 3, 5)) and rows[0][2] == ""
    assert float(rows[1][4]) == pytest.approx(float(rows[1][3].split()[0]) - float(rows[0][3].split()[0]), abs=0.11)


def test_a_key_that_no_training_has_is_refused(tmp_path):
    (tmp_path / "tiny.yaml").write_text(OBJECTIVES, encoding="utf-8")
    command = [sys.executable, BENCHMARKS / "objectives.py", tmp_path / "tiny.yaml", "--change", "weights.entrys=0"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "no key 'weights.entrys' under training" in done.stderr


def test_base_prints_a_row_for_every_locale(mirror):
    printed = bench("base.py", "lowres-mini", "--locale", "sw-KE", "--mirror", mirror)
    (row,) = [[cell.strip() for cell in line.strip("|").split("|")] for line in printed.splitlines() if line.startswith("| sw-KE")]
    median, most = map(float, re.search(r"one core: ([\d.]+) ms .*below ([\d.]+) ms", printed).groups())
    assert 0 < median <= most
    assert row[1] == "2,033" and 5 < float(row[4].split()[0]) < 20 < float(row[2].split()[0]) + 5


def test_registry_prints_a_listing_a_pull_and_an_index():
    printed = bench("registry.py", "--adapters", 12)
    assert "12 published" in printed
    assert number(r"listing with the index: ([\d.]+) s", printed) < 2
    assert number(r"of them (\d+) of other adapters", printed) == 0
    assert number(r"index of 10,000 packages: ([\d.]+) MB", printed) < 3


@pytest.mark.skipif(find_spec("fastapi") is None or find_spec("onnxruntime") is None, reason="needs lowres[serve]")
def test_serving_measures_a_switch_between_adapters(mirror, tmp_path, monkeypatch):
    from lowres.registry.client import pull

    monkeypatch.setenv("LOWRES_CACHE", str(tmp_path))
    printed = bench("serving.py", "--quick", "--only", "switch", "--adapter", pull("swh-massive").folder, mirror=mirror)
    assert number(r"([\d.]+) ms", printed) < 100


def test_identifier_prints_a_row_for_every_locale(mirror):
    printed = bench("identifier.py", "--locale", "en-US", "--locale", "sw-KE", mirror=mirror)
    assert "25 languages told apart" in printed
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in printed.splitlines() if re.match(r"\| [a-z]{2}-", line)]
    assert [row[:3] for row in rows] == [["en-US", "the base", "2,033"], ["sw-KE", "swh-massive", "2,033"]]
    assert all(90 < float(named) <= 100 and 0 < float(unsure) <= 100.1 - float(named) for *_, named, unsure, _ in rows)
    assert 0 < number(r"one core: ([\d.]+) ms", printed) < 50


def test_what_is_unsure_is_right_where_the_base_reads_and_wrong_where_an_adapter_should():
    from identifier import count

    adapter = SimpleNamespace(name="swh")
    owners, named = {"en-US": None, "sw-KE": adapter}, {"wake": "en-US", "amka": "sw-KE"}

    def route(text, locale=None):
        found = locale or named.get(text, "")
        return SimpleNamespace(adapter=owners.get(found), locale=found, way="identified" if found else "unsure")

    router, said = SimpleNamespace(route=route), ["wake", "amka", "amka", "??"]
    assert count(router, "en-US", said) == {"named": 1, "unsure": 1, "another": 2}
    assert count(router, "sw-KE", said) == {"named": 2, "unsure": 1, "another": 2}
