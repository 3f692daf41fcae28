"""Synthesis: the same bytes in any order and number of processes; what is kept, what is rejected, and why."""

import json
import pickle
import random
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowres.analysis import Token
from lowres.errors import LowresError
from lowres.fluency import Fluency
from lowres.formats.tables import read_utterance_table
from lowres.formats.unimorph import read_unimorph
from lowres.language import read_language, read_letters
from lowres.lexicon import Entry, Lexicon, SourcedEntry, build_lexicon
from lowres.morphology import Inflector, build_paradigms
from lowres.pair import COPY, SPELT, Pair, Rejected, Word, is_missed, read_pair, render
from lowres.recipe import read_recipe
from lowres.rules import BUILT_IN, Resources, load_rules, look_up, word_for_word
from lowres.rules.grammar import drop_function_words
from lowres.rules.script import transliterate
from lowres.run import open_run
from lowres.stages import synthesize as stage
from lowres.stages.data import PAIRS, read_kept
from lowres.synthesis import apply, format_kept, parse_kept, synthesize
from lowres.tally import Tally, render_report, report
from lowres.utterance import Slot, Utterance

TOY = Path(__file__).parent / "fixtures" / "qaa"
RULES = "look_up drop_articles subject_person inflect qaa.polite qaa.clock order transliterate".split()


def lexicon_of(*rows: tuple[str, ...]) -> Lexicon:
    """A lexicon of (source, target[, upos]) rows, ranked in their order."""
    ranks: Counter = Counter()
    entries = []
    for source, target, *upos in rows:
        entries.append(SourcedEntry(Entry(source, target, "".join(upos), ranks[source]), "lexicon"))
        ranks[source] += 1
    return build_lexicon(entries)


def resources_of(*rows: tuple[str, ...]) -> Resources:
    return Resources(read_language("qaa", TOY), lexicon_of(*rows))


def utterance(annotated: str, id: str = "1") -> Utterance:
    """An utterance from "wake me at [time : five]"."""
    from lowres.formats.massive import parse_annotation

    text, slots = parse_annotation(annotated, "here")
    return Utterance(id=id, text=text, locale="en", intent="any", slots=slots, partition="train")


def run_rules(source, rules, resources, **options) -> tuple[list, Tally]:
    tally = Tally()
    chosen = {"locale": "qaa", "variants": 1, "min_coverage": 0.0, "seed": 1} | options
    return list(synthesize(source, rules, resources, tally=tally, **chosen)), tally


@pytest.fixture(scope="module")
def toy_language():
    """(source utterances, the toy recipe's rules, the toy's resources)."""
    from lowres.formats.pairs import read_table

    source = list(read_utterance_table(TOY / "en.tsv", locale="en"))
    lexicon = build_lexicon(SourcedEntry(entry, "lexicon") for entry in read_table(TOY / "lexicon.tsv"))
    inflector = Inflector(build_paradigms(read_unimorph(TOY / "paradigms.tsv")))
    resources = Resources(read_language("qaa", TOY), lexicon, inflector, read_letters("qaa", TOY))
    return source, load_rules(RULES, TOY), resources


# --- determinism


def test_neither_order_nor_company_of_utterances_matters(toy_language):
    source, rules, resources = toy_language
    kept, _ = run_rules(source, rules, resources, variants=3)
    shuffled = random.Random(1).sample(source, len(source))
    again, _ = run_rules(shuffled, rules, resources, variants=3)
    alone = [one for each in source for one in run_rules([each], rules, resources, variants=3)[0]]
    lines = [format_kept(one) for one in kept]
    assert len(lines) > len(source) and sorted(map(format_kept, again)) == sorted(lines)
    assert [format_kept(one) for one in alone] == lines


@pytest.mark.parametrize("jobs", [1, 2])
def test_chunks_and_processes_change_no_byte(toy, finished, jobs, monkeypatch):
    (toy / "tiny").mkdir()
    monkeypatch.setattr(stage, "CHUNK", 7)
    run = open_run(read_recipe(toy / "toy.yaml"), toy / "runs", jobs=jobs)
    stage.make_pairs(run, toy, run.recipe.synthesize.rules)
    for name in (PAIRS, "report.json", "report.md"):
        assert (toy / name).read_bytes() == (finished / "runs/toy/synthesize" / name).read_bytes()


def test_another_seed_gives_other_pairs_and_the_same_seed_the_same(toy_language):
    first, again, other = (run_rules(*toy_language, variants=2, seed=seed)[0] for seed in (1, 1, 2))
    assert first == again != other


def test_lines_are_read_back(toy_language, finished):
    kept = run_rules(*toy_language, variants=2)[0]
    assert [parse_kept(json.loads(format_kept(one))) for one in kept] == [
        replace(one, coverage=round(one.coverage, 4)) for one in kept
    ]
    assert read_kept(finished / "runs/toy/synthesize")


@pytest.mark.parametrize("line", ["[]", "{}", "{", "null", '{"id": 1}'])
def test_a_broken_line_of_pairs_is_named(tmp_path, line):
    (tmp_path / PAIRS).write_text(line + "\n")
    with pytest.raises(LowresError, match=r"pairs\.jsonl:1: no pair"):
        read_kept(tmp_path)


# --- variants, coverage, rejections, misses


def test_variants_differ_and_are_no_more_than_asked():
    resources = resources_of(("play", "leko"), ("play", "lika"), ("song", "veli"), ("song", "vilo"))
    kept, tally = run_rules([utterance("play song")], [look_up], resources, variants=12)
    texts = [one.utterance.text for one in kept]
    assert len(texts) == len(set(texts)) == 4 and tally.rejected == {"same as an earlier variant": 8}
    assert kept[0].utterance.id == "1:0" and tally.kept == 4


def test_the_first_listed_translation_is_the_usual_one():
    resources = resources_of(("play", "leko"), ("play", "lika"))
    source = [utterance("play", str(i)) for i in range(300)]
    counts = Counter(one.utterance.text for one in run_rules(source, [look_up], resources)[0])
    assert counts["leko"] > 2 * counts["lika"] > 0


def test_what_is_hardly_covered_is_rejected_and_counted():
    resources = resources_of(("play", "leko"))
    source = [utterance("play song", "a"), utterance("the song", "b"), utterance("play", "c")]
    kept, tally = run_rules(source, [look_up], resources, min_coverage=0.5)
    assert [one.utterance.id for one in kept] == ["a:0", "c:0"] and [one.coverage for one in kept] == [0.5, 1.0]
    assert tally.rejected == {"coverage below the threshold": 1}
    assert report(tally)["coverage_histogram"] == [1, 0, 0, 0, 0, 1, 0, 0, 0, 1]


def test_misses_come_by_frequency_once_per_utterance():
    resources = resources_of(("play", "leko"))
    source = [utterance("play songs", "a"), utterance("play the song", "b"), utterance("stop", "c")]
    counts = report(run_rules(source, [look_up], resources, variants=5)[1])
    assert counts["misses"] == [{"word": "song", "count": 2}, {"word": "stop", "count": 1}, {"word": "the", "count": 1}]
    assert counts["n_utterances"] == 3 and counts["n_tokens"] == 6 and "| song | 2 |" in render_report("toy", counts)


def test_a_common_word_in_other_letters_is_missed_and_a_name_or_a_figure_is_not():
    source = [utterance("play the box for phoenix 7")]
    resources = replace(resources_of(("play", "leko")), letters=read_letters("qaa", TOY))
    kept, tally = run_rules(source, [look_up, transliterate], resources, min_coverage=0.0)
    by_gloss = {word.gloss: word for word in kept[0].words}
    assert by_gloss["phoenix"].upos == "PROPN" and by_gloss["box"].origin == by_gloss["phoenix"].origin == SPELT
    assert [gloss for gloss, word in by_gloss.items() if is_missed(word)] == ["the", "box", "for"]
    assert kept[0].coverage == 0.5 == report(tally)["coverage"] and set(tally.misses) == {"the", "box", "for"}


def test_function_words_left_out_for_want_of_an_entry_stay_on_the_work_list():
    resources = resources_of(("play", "leko"), ("with", "ze"))
    tally = run_rules([utterance("play the song with me from london")], [look_up, drop_function_words], resources, variants=3)[1]
    assert tally.misses == {"song": 1, "i": 1, "from": 1, "london": 1}


def test_lemmas_that_no_table_has_are_listed_by_frequency_once_per_utterance():
    table = build_paradigms(read_unimorph(TOY / "paradigms.tsv"))
    known = Resources(read_language("qaa", TOY), lexicon_of(("song", "veli", "NOUN"), ("tune", "zori", "NOUN")), Inflector(table))
    source = [utterance("play a tune", "a"), utterance("songs and tunes", "b"), utterance("a song", "c")]
    counts = report(run_rules(source, [look_up], known, variants=3)[1])
    assert counts["unlisted"] == [{"word": "zori (NOUN)", "count": 2}]
    assert "| zori (NOUN) | 2 |" in render_report("toy", counts)
    without = report(run_rules(source, [look_up], resources_of(("tune", "zori", "NOUN")))[1])
    assert without["unlisted"] == [] and "no paradigm table" not in render_report("toy", without)


def test_a_card_that_asks_for_what_no_table_has_stops_before_the_first_pair(whole_toy):
    card = whole_toy / "languages" / "qaa" / "card.yaml"
    card.write_text(card.read_text(encoding="utf-8") + "features:\n  object: ACC\n", encoding="utf-8")
    run = open_run(read_recipe(whole_toy / "toy.yaml"), whole_toy / "runs")
    with pytest.raises(LowresError, match=r"card.yaml:15: features.object: no table of the recipe has ACC; the nearest: N;"):
        stage.make_pairs(run, whole_toy / "out", run.recipe.synthesize.rules)


def test_every_reason_for_rejection_is_counted_by_name():
    def over_the_border(pair, resources, rng):
        return pair.with_words([Word("x", "x", source=tuple(range(len(pair.tokens))))])

    def split(pair, resources, rng):
        return pair.with_words([pair.words[0], pair.words[2], pair.words[1]])

    def lose(pair, resources, rng):
        return pair.with_words(pair.words[2:])

    def empty(pair, resources, rng):
        return pair.with_words([replace(word, form="") for word in pair.words])

    source = utterance("[song : slow rain] now")
    cases = {over_the_border: "word over a slot's border", split: "slot split", lose: "slot lost", empty: "slot lost"}
    for rule, reason in cases.items():
        kept, tally = run_rules([source], [rule], resources_of())
        assert not kept and tally.rejected == {reason: 1}
    kept, tally = run_rules([utterance("now")], [empty], resources_of())
    assert not kept and tally.rejected == {"nothing left": 1}


def test_no_pair_at_all_is_an_error_that_says_what_helps(toy):
    (toy / "tiny").mkdir()
    text = (
        (toy / "toy.yaml")
        .read_text(encoding="utf-8")
        .replace("[look_up, drop", "[drop")
        .replace("min_coverage: 0.3", "min_coverage: 1.0")
    )
    (toy / "toy.yaml").write_text(
        text.replace(", transliterate", "").replace("qaa.polite, qaa.clock, ", ""), encoding="utf-8"
    )
    run = open_run(read_recipe(toy / "toy.yaml"), toy / "runs")
    with pytest.raises(LowresError, match=r"no pair was kept \(coverage below the threshold: 72\); a lexicon that covers"):
        stage.make_pairs(run, toy, run.recipe.synthesize.rules)


# --- slots


def test_a_phrase_inside_a_slot_carries_it_over():
    resources = resources_of(("alarm clock", "gontora"), ("set", "tipo"))
    kept, _ = run_rules([utterance("set [thing : alarm clock] [time : now]")], [look_up], resources)
    said = kept[0].utterance
    assert said.text == "tipo gontora now" and [(s.name, said.slot_text(s)) for s in said.slots] == [
        ("thing", "gontora"),
        ("time", "now"),
    ]
    assert kept[0].words[1].source == (1, 2) and kept[0].words[1].gloss == "alarm clock"


def test_a_phrase_over_a_slots_border_is_not_looked_up():
    resources = resources_of(("alarm clock", "gontora"), ("alarm", "gonto"))
    kept, _ = run_rules([utterance("[thing : alarm] clock")], [look_up], resources)
    assert kept[0].utterance.text == "gonto clock"


def test_a_long_translation_is_one_slot():
    kept, _ = run_rules([utterance("call [person : mother]")], [look_up], resources_of(("mother", "amo wa si")))
    assert [kept[0].utterance.slot_text(slot) for slot in kept[0].utterance.slots] == ["amo wa si"]


def test_slots_that_change_places_stay_in_order():
    def swapped(pair, resources, rng):
        return pair.with_words(pair.words[::-1])

    said = run_rules([utterance("[a : one] to [b : two]")], [swapped], resources_of())[0][0].utterance
    assert [(slot.name, said.slot_text(slot)) for slot in said.slots] == [("b", "two"), ("a", "one")]


def test_a_word_that_renders_nothing_belongs_to_no_slot():
    pair = read_pair(utterance("[song : slow rain]"))
    inserted = pair.with_words([pair.words[0], Word("ya", "ya", origin="rule:x"), pair.words[1]])
    with pytest.raises(Rejected, match="slot split"):
        render(inserted, id="1", locale="qaa")
    assert render(pair.with_words([Word("ya", "ya"), *pair.words]), id="1", locale="qaa").slots == (
        Slot(name="song", start=3, end=12),
    )


# --- the control


def test_word_for_word_is_the_published_method():
    """Wang, Ruder, Neubig 2022: a word with translations becomes any one of them; others and the order stay."""
    rows = [
        ("play", "leko", "VERB"),
        ("play", "mchezo", "NOUN"),
        ("play", "lika", "VERB"),
        ("rain", "pasimo"),
        ("slow rain", "no"),
    ]
    source = [utterance("play the [song : slow rain] Played", str(i)) for i in range(900)]
    kept, tally = run_rules(source, [word_for_word], resources_of(*rows))
    counts = Counter(one.words[0].form for one in kept)
    assert set(counts) == {"leko", "mchezo", "lika"} and min(counts.values()) > 250
    assert {tuple(word.form for word in one.words[1:]) for one in kept} == {("the", "slow", "pasimo", "Played")}
    assert {one.utterance.slot_text(one.utterance.slots[0]) for one in kept} == {"slow pasimo"}
    assert tally.origins == {"lexicon": 1800, COPY: 2700} and kept[0].coverage == 0.4


# --- what rules and texts get wrong


def test_a_misaligned_pair_is_a_counted_rejection_that_names_the_rule():
    def beyond(pair, resources, rng):
        return pair.with_words([*pair.words, Word("x", "x", source=(len(pair.tokens),))])

    def before(pair, resources, rng):
        return pair.with_words([replace(pair.words[0], source=(-1,)), *pair.words[1:]])

    def another(pair, resources, rng):
        return replace(pair, slot_of=tuple(-1 for _ in pair.slot_of))

    for rule in (beyond, before, another):
        kept, tally = run_rules([utterance("play [song : rain]")], [look_up, rule], resources_of(("play", "leko")))
        assert not kept and tally.rejected == {f"misaligned by {rule.__name__}": 1}


@pytest.mark.parametrize("word", [None, "leko", Word(None, "x"), Word("x", "x", source=[0])])
def test_a_word_that_is_none_is_one_line_that_names_the_rule(word):
    def broken(pair, resources, rng):
        return pair.with_words([word])

    with pytest.raises(LowresError, match=r"rule broken: TypeError: the rule gave the word .*on 'play'"):
        run_rules([utterance("play")], [broken], resources_of())


@pytest.mark.parametrize("rules", [RULES, ["word_for_word", "order"]])
def test_words_of_ten_thousand_letters_and_lone_marks_are_counted_rejections(toy_language, rules):
    source = [utterance("play " + "ab" * 5000, "a"), utterance("play \u0301 now", "b"), utterance("\u0301", "c")]
    kept, tally = run_rules([*source, utterance("play song", "d")], load_rules(rules, TOY), toy_language[2])
    assert [one.utterance.id for one in kept] == ["d:0"]
    assert tally.rejected == {"a word of more than 200 characters": 1, "a combining mark alone": 2}


def test_words_in_a_foreign_script_are_counted():
    resources = resources_of(("play", "нота"), ("song", "veli"))
    kept, tally = run_rules([utterance("play song", "a"), utterance("play now", "b")], [look_up], resources)
    found = report(tally)["foreign_script"]
    assert len(kept) == 2 and found == {"share": 0.5, "words": [{"word": "нота", "count": 2}]}
    assert "| нота | 2 |" in render_report("toy", report(tally))


# --- what each rule did, and how natural it is


def test_the_report_says_how_many_pairs_and_words_each_rule_changed():
    def nothing(pair, resources, rng):
        return pair.with_words(list(pair.words))

    def swapped(pair, resources, rng):
        return pair.with_words(pair.words[::-1])

    resources = resources_of(("play", "leko"), ("song", "veli"))
    rules = [look_up, nothing, swapped]
    _, tally = run_rules([utterance("play song", "a"), utterance("play", "b")], rules, resources)
    found = report(tally)["rules"]
    assert found == {"look_up": {"pairs": 2, "words": 3}, "nothing": {"pairs": 0, "words": 0}, "swapped": {"pairs": 1, "words": 0}}
    assert list(found) == ["look_up", "nothing", "swapped"]


def test_rules_of_a_language_are_counted_under_the_name_that_recipes_use(toy_language):
    source, rules, resources = toy_language
    assert list(run_rules(source, rules, resources)[1].rules) == RULES


def test_naturalness_is_kept_with_the_pair_and_summed_up():
    fluency = Fluency.learn(["leko veli", "leko vilo", "leko veli"])
    source = [utterance("play song", "a"), utterance("song play", "b"), utterance("play xq", "c")]
    resources = resources_of(("play", "leko"), ("song", "veli"))
    kept, tally = run_rules(source, [look_up], resources, fluency=fluency)
    scores = [one.naturalness for one in kept]
    assert scores[0] == fluency.sentence(["leko", "veli"]) > scores[1] > scores[2]
    assert parse_kept(json.loads(format_kept(kept[0]))).naturalness == round(scores[0], 3)
    found = report(tally, [-1.0, -1.2])["naturalness"]
    assert found["mean"] == round(sum(scores) / 3, 3) and sum(found["histogram"]) == 3
    assert found["real_mean"] == -1.1 and sum(found["real_histogram"]) == found["real_n"] == 2
    assert [one["id"] for one in found["least"]] == ["c:0", "b:0", "a:0"] and found["unread"] == [{"word": "xq", "count": 1}]
    assert "The least natural pairs" in render_report("toy", report(tally, [-1.0]))
    assert report(tally)["naturalness"] is None and run_rules(source, [look_up], resources)[0][0].naturalness is None


def test_tallies_of_chunks_add_up():
    fluency = Fluency.learn(["leko veli"])
    source = [utterance(f"play song{i}", str(i)) for i in range(60)]
    resources = resources_of(("play", "leko"))
    whole = run_rules(source, [look_up], resources, fluency=fluency)[1]
    parts = Tally()
    for i in range(0, 60, 7):
        parts.add(run_rules(source[i : i + 7], [look_up], resources, fluency=fluency)[1])
    assert report(parts, [-1.0]) == report(whole, [-1.0]) and len(parts.least) == 20


def test_eight_times_the_utterances_take_eight_times_the_time(toy_language):
    def seconds(n: int) -> float:
        chosen = [replace(source[i % len(source)], id=str(i)) for i in range(n)]
        start = time.process_time()
        run_rules(chosen, rules, resources)
        return time.process_time() - start

    source, rules, resources = toy_language
    seconds(300)
    few, many = (min(seconds(n) for _ in range(3)) for n in (300, 2400))
    assert many / few < 16  # 64 if every utterance met every other


# --- everything, at random

WORDS = st.sampled_from(
    "play wake me the a turn off alarm clock song slow new my i she at seven thirty am 7:30 half past six in city is "
    "tomorrow to it's Paris quito х日本 ’s ... can you and not".split()
)


@st.composite
def utterances(draw) -> Utterance:
    """Words with random slots, whose borders may fall inside words."""
    words = draw(st.lists(WORDS, min_size=1, max_size=9))
    text = " ".join(words)
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    names = draw(st.lists(st.sampled_from(["time", "song", "place"]), min_size=len(spans), max_size=len(spans)))
    slots = tuple(Slot(name=name, start=s, end=e) for name, (s, e) in zip(names, spans, strict=True))
    return Utterance(id=str(draw(st.integers(0, 99))), text=text, locale="en", intent="any", slots=slots)


OTHERS = [name for name in RULES if name != "look_up"]


@settings(max_examples=150, deadline=None)
@given(
    utterances(),
    st.sampled_from(["look_up", "word_for_word"]),
    st.permutations(OTHERS),
    st.integers(0, len(OTHERS)),
    st.randoms(),
)
def test_random_utterances_are_rendered_or_rejected_and_keep_their_slots(toy_language, source, first, others, n, rng):
    _, _, resources = toy_language
    rules = load_rules([first, *others[:n]], TOY)
    try:
        said = render(apply(rules, read_pair(source), resources, rng), id="x", locale="qaa")
    except Rejected as error:
        assert error.reason
        return
    assert Counter(slot.name for slot in said.slots) == Counter(slot.name for slot in source.slots)
    assert all(said.slot_text(slot).strip() == said.slot_text(slot) != "" for slot in said.slots)


@given(st.sampled_from(sorted(BUILT_IN)), utterances())
def test_every_built_in_rule_stands_alone(toy_language, name, source):
    pair = read_pair(source)
    try:
        after = BUILT_IN[name](pair, toy_language[2], random.Random(1))
    except Rejected:
        return
    assert isinstance(after, Pair) and all(0 <= i < len(pair.tokens) for word in after.words for i in word.source)
    assert isinstance(after.tokens[0], Token) and pair == read_pair(source)  # rules are pure


def test_a_rule_that_breaks_is_one_line_that_names_its_place():
    def broken(pair, resources, rng):
        return pair.words[99]

    utterance = Utterance(id="1", text="wake me", locale="en-US")
    with pytest.raises(LowresError, match=r"test_synthesis.py:\d+: IndexError.*'wake me'"):
        apply([broken], read_pair(utterance), Resources(read_language("swh")), random.Random(1))


def test_an_error_of_a_worker_process_arrives_whole():
    error = pickle.loads(pickle.dumps(LowresError("a.py:3", "found", "allowed")))
    assert str(error) == "a.py:3: found; allowed" and error.allowed == "allowed"
