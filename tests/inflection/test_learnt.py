"""Learning a made-up language: prefixes, vowel harmony, a change inside the stem, and knowing what is not known."""

import random

import pytest

from lowres.inflection.endings import learn_endings
from lowres.inflection.learnt import (
    LEAST,
    Judge,
    Learnt,
    evidence,
    evidence_of_both,
    fit_judge,
    learn,
    read_learnt,
    recall,
    write_learnt,
)
from lowres.inflection.network import Settings

QUICKEST = Settings(hidden=(8, 8), epochs=1)
QUICK = Settings(hidden=(96, 48), epochs=12, batch=128, rate=6e-3)
PERSONS, TENSES = {"1": "mi", "2": "su", "3": "a"}, {"PST": "li", "FUT": "ta", "PRS": ""}


def inflected(lemma: str, person: str, tense: str) -> str:
    """Person and tense before the stem; its last vowel, once more, after an n; e of the stem becomes i in the past."""
    stem = lemma.replace("e", "i") if tense == "PST" else lemma
    return PERSONS[person] + TENSES[tense] + stem + "n" + lemma[-1]


def bundle(person: str, tense: str) -> frozenset[str]:
    return frozenset({"V", person, tense})


def lemmas(n: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    return sorted({"".join(rng.choice("ptkmnrsl") + rng.choice("aeiou") for _ in range(rng.choice((2, 3)))) for _ in range(n)})


def cells(n: int = 120, seed: int = 1) -> list[tuple[str, frozenset[str], str]]:
    return [
        (lemma, bundle(person, tense), inflected(lemma, person, tense))
        for lemma in lemmas(n, seed)
        for person in PERSONS
        for tense in TENSES
        if (person, tense) != ("2", "FUT")  # never shown together
    ]


@pytest.fixture(scope="module")
def learnt() -> Learnt:
    return learn(cells(), QUICK)


def questions(seed: int = 7) -> list[tuple[str, str, str]]:
    known = set(lemmas(120, 1))
    return [(one, person, tense) for one in lemmas(60, seed) if one not in known for person in PERSONS for tense in TENSES]


def test_unseen_lemmas_are_inflected_and_unseen_bundles_composed(learnt):
    asked = questions()
    found = learnt.best([lemma for lemma, _, _ in asked], [bundle(*one) for _, *one in asked])
    right = [form == inflected(*one) for (form, _), one in zip(found, asked, strict=True)]
    assert sum(right) > 0.95 * len(right)
    composed = [good for good, (_, *one) in zip(right, asked, strict=True) if one == ["2", "FUT"]]
    assert sum(composed) > 0.7 * len(composed) > 0


def test_what_passes_the_threshold_is_right(learnt):
    asked = questions()
    found = learnt.best([lemma for lemma, _, _ in asked], [bundle(*one) for _, *one in asked])
    passed = [form == inflected(*one) for (form, sure), one in zip(found, asked, strict=True) if sure >= learnt.judge.threshold]
    assert len(passed) > len(asked) / 2 and sum(passed) > 0.95 * len(passed)


def test_ranked_forms_begin_with_the_best(learnt):
    ranked = learnt.ranked("tokime", bundle("1", "PST"))
    assert ranked[0][0] == "militokimine" and len(ranked) > 1
    assert [sure for _, sure in ranked] == sorted((sure for _, sure in ranked), reverse=True)
    [best] = learnt.best(["tokime"], [bundle("1", "PST")])
    assert best[0] == ranked[0][0] and best[1] == pytest.approx(ranked[0][1])


def test_a_form_is_led_back_to_lemma_and_features(learnt):
    found = learnt.analyse(inflected("meso", "3", "PRS"))
    assert ("meso", bundle("3", "PRS")) in [one[:2] for one in found]
    assert sum(sure for *_, sure in found) <= 1.0001
    assert learnt.analyse("xyz") == [] and learnt.analyse("") == []


def test_answers_do_not_depend_on_what_is_asked_beside(learnt):
    asked = [(lemma, bundle(*one)) for lemma, *one in questions()[:40]]
    together = learnt.best(*zip(*asked, strict=True))
    alone = [learnt.best([lemma], [features])[0] for lemma, features in asked]
    assert [form for form, _ in together] == [form for form, _ in alone]
    assert learnt.best([], []) == []


@pytest.mark.parametrize("lemma", ["", "q", "ሰላም", "́", "a" * 10_000, "pe pe"])
def test_any_lemma_gets_an_answer_that_is_unsure_or_a_string(learnt, lemma):
    [(form, sure)] = learnt.best([lemma], [bundle("1", "PST")])
    assert isinstance(form, str) and 0 <= sure <= 1


def test_what_is_learnt_survives_its_file(learnt, tmp_path):
    write_learnt(tmp_path / "a.npz", learnt)
    again = read_learnt(tmp_path / "a.npz", cells())
    asked = [(lemma, bundle(*one)) for lemma, *one in questions()[:40]]
    assert again.best(*zip(*asked, strict=True)) == learnt.best(*zip(*asked, strict=True))
    assert again.judge == learnt.judge


def test_the_same_cells_are_learnt_once(tmp_path, monkeypatch):
    calls = []
    monkeypatch.setattr("lowres.inflection.learnt.learn", lambda rows, **_: calls.append(1) or learn(rows, QUICKEST))
    first = recall(cells(), tmp_path)
    second = recall(cells(), tmp_path)
    assert calls == [1] and second.ranked("kupo", bundle("1", "PST")) == first.ranked("kupo", bundle("1", "PST"))
    recall(cells(seed=2), tmp_path)
    assert calls == [1, 1]


@pytest.mark.parametrize("broken", ["not a file of numpy's", "file in the way"])
def test_a_broken_file_or_folder_is_no_hindrance(broken, tmp_path, monkeypatch):
    monkeypatch.setattr("lowres.inflection.learnt.Settings", lambda: QUICKEST)
    recall(cells(), tmp_path / "kept")
    [path] = (tmp_path / "kept").glob("*.npz")
    path.write_text(broken)
    assert recall(cells(), path if "way" in broken else tmp_path / "kept").transducer
    if "way" not in broken:
        assert read_learnt(path, cells()).transducer


def test_a_word_of_ten_thousand_letters_teaches_nothing_and_costs_nothing():
    longest = "a" * 10_000, bundle("1", "PST"), "b" * 10_000
    assert learn([*cells(), longest], QUICKEST).judge == learn(cells(), QUICKEST).judge


def test_a_small_table_is_left_to_the_endings():
    assert learn(cells()[: LEAST - 1]).transducer is None


def judged(table, right, lemma) -> Judge:
    """A judge of questions that both opinions answer alike."""
    return fit_judge(table[:, None].repeat(2, 1), right[:, None].repeat(2, 1), lemma)


def test_without_enough_precision_no_answer_passes():
    import numpy as np

    table, right, lemma = np.ones((400, 5)), np.array([0.0, 1.0] * 200), np.arange(400) // 4
    assert judged(table, right, lemma).threshold > 1
    table[:, 1] = np.where(right > 0, -0.1, -3)
    judge = judged(table, right, lemma)
    passed = judge.confidence(table) >= judge.threshold
    assert (right[passed] > 0).mean() > 0.95 and passed.sum() >= 200


def test_few_lemmas_are_trusted_less_than_many():
    import numpy as np

    table, right = np.ones((2700, 5)), np.ones(2700)
    right[:81] = 0  # 97 % are right, the wrong ones of few lemmas together, or each of another
    assert judged(table, right, np.arange(2700) // 81).threshold == 2.0
    assert judged(table, right, np.arange(2700)).threshold < 1


def test_the_surest_answers_pass_without_caution_where_fewer_pass_with_it():
    import numpy as np

    table, lemma = np.ones((2000, 5)), np.arange(2000) // 40
    table[:, 1] = -np.arange(2000) / 1000
    right = (lemma < 25).astype(float)
    right[lemma == 10] = 0  # 96 % of the surer half are right, and a lemma's answers are wrong together
    judge = judged(table, right, lemma)
    passed = judge.confidence(table) >= judge.threshold
    assert 0.5 <= passed.mean() <= 0.6 and right[passed].mean() > 0.95


def test_evidence_is_what_the_endings_hold_of_an_answer_and_of_its_rival():
    rows = [("pata", "upata"), ("kata", "ukata"), ("nata", "unata"), ("bata", "batani")]
    endings = learn_endings([(lemma, frozenset("V"), form) for lemma, form in rows])
    asked = [("usata", -4.0), ("satani", 0.0), ("sata", -100.0)]
    table = evidence([endings.ranked("sata", frozenset("V"))] * 3, asked)
    assert table.tolist() == [[1, -4, -2, 0.6, 0.2], [1, 0, 0, 0.2, 0.6], [1, -20, pytest.approx(-(20**0.5)), 0, 0.6]]
    assert evidence([endings.ranked("soko", frozenset("N"))], asked[:1]).tolist() == [[1, -4, -2, 0, 0]]


def test_the_surer_of_two_opinions_counts(learnt):
    """What the transducer alone gets wrong and the endings right, and the other way round."""
    asked = [(lemma, bundle(*one)) for lemma, *one in questions()]
    table, ours, theirs = evidence_of_both(learnt.endings, learnt.transducer, *zip(*asked, strict=True))
    sure = learnt.judge.confidence(table)
    found = learnt.best(*zip(*asked, strict=True))
    for (form, confidence), (own, other), both in zip(found, zip(ours, theirs, strict=True), sure, strict=True):
        assert form == (own[0] if both[0] >= both[1] else other[0]) and confidence == both.max()
    apart = [n for n, both in enumerate(zip(ours, theirs, strict=True)) if both[0] != both[1]]
    assert apart and all((table[n, 0] == table[n, 1]).all() for n in range(len(asked)) if n not in apart)


class Stubborn:
    """A transducer that says "sata" to everything, and holds a fourth of the chance to be in any other form."""

    def predict(self, lemmas, bundles):
        return [("sata", -0.1)] * len(lemmas)

    def chances(self, lemmas, bundles, forms):
        return [-1.4] * len(forms)


@pytest.mark.parametrize(("weights", "form"), [((0, 0, 0, 9, -9), "usata"), ((0, 9, 0, 0, 0), "sata")])
def test_the_judge_may_believe_either(weights, form):
    """By the votes alone the endings' answer counts, by the chance alone the transducer's."""
    endings = learn_endings([("pata", frozenset("V"), "upata"), ("kata", frozenset("V"), "ukata")])
    [(best, sure)] = Learnt(endings, Stubborn(), Judge(weights)).best(["sata"], [frozenset("V")])
    table = evidence([endings.ranked("sata", frozenset("V"))] * 2, [("usata", -1.4), ("sata", -0.1)])
    assert best == form and sure == pytest.approx(max(Judge(weights).confidence(table)))


def test_two_answers_that_are_one_count_once():
    """The slope of the loss over single answers, ridge included, is zero."""
    import numpy as np

    rng = np.random.default_rng(1)
    table = np.column_stack([np.ones(300), -rng.random((300, 4))])
    right = (rng.random(300) < 0.7).astype(float)
    judge = judged(table, right, np.arange(300))
    slope = table.T @ (judge.confidence(table) - right) + 0.1 * np.array(judge.weights)
    assert np.abs(slope).max() < 1e-6


def test_the_chance_of_a_form_is_that_of_the_edits_which_write_it(learnt):
    asked = [(lemma, bundle(*one)) for lemma, *one in questions()[:60]]
    lemmas, bundles = zip(*asked, strict=True)
    written = learnt.transducer.predict(lemmas, bundles)
    told = learnt.transducer.chances(lemmas, bundles, [form for form, _ in written])
    same = [abs(one - other) < 1e-4 for one, (_, other) in zip(told, written, strict=True)]
    assert sum(same) > 0.9 * len(same)  # some forms are written by other edits than training sees in them
    worse = learnt.transducer.chances(lemmas, bundles, [f"{form}n" for form, _ in written])
    assert all(one < other for one, (_, other) in zip(worse, written, strict=True))


@pytest.mark.parametrize("form", ["日本", "a" * 10_000, "\u0301"])
def test_a_form_that_no_edits_lead_to_has_no_chance(learnt, form):
    assert learnt.transducer.chances(["tokime"], [bundle("1", "PST")], [form]) == [-float("inf")]
    assert learnt.transducer.chances([], [], []) == []


def test_the_judge_sees_answers_on_lemmas_that_the_network_and_the_endings_did_not(monkeypatch):
    import lowres.inflection.learnt as module

    rows, taught, tried = cells(), [], []
    teach, trial = module.learn_transducer, module._tried

    def spy(endings, transducer, held):
        unseen = {lemma for lemma, _, _ in held}
        assert unseen and not unseen & taught[-1]
        assert not any(lemma[-6:] in votes for votes in endings.votes.values() for lemma in unseen if len(lemma) == 6)
        tried.append(unseen)
        return trial(endings, transducer, held)

    def note(lessons, *more):
        taught.append({rows[n][0] for n in lessons.steps.row})
        return teach(lessons, *more)

    monkeypatch.setattr(module, "learn_transducer", note)
    monkeypatch.setattr(module, "_tried", spy)
    learn(rows, QUICKEST)
    assert len(tried) > 1 and not set.intersection(*tried) and taught[-1] == {lemma for lemma, _, _ in rows}


def test_endings_answer_by_their_votes():
    learnt = Learnt(learn_endings([("pata", frozenset("V"), "upata"), ("kata", frozenset("V"), "ukata")]), None, Judge())
    assert learnt.best(["sata", "x"], [frozenset("V")] * 2) == [("usata", 2 / 3), ("", 0.0)]
    assert learnt.analyse("usata") == [("sata", frozenset("V"), pytest.approx(2 / 3))]
