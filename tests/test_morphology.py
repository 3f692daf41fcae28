"""Inflection: the table first, then what was learnt from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowres.inflection.endings import change_of
from lowres.morphology import Analysis, Inflection, Inflector, build_paradigms, parse_features, sample_cells

PAST, PLURAL = frozenset({"V", "PST"}), frozenset({"N", "PL"})


def inflector_of(*rows: tuple[str, str, str], **options) -> Inflector:
    return Inflector(
        build_paradigms(Inflection(lemma, form, parse_features(bundle)) for lemma, form, bundle in rows), **options
    )


@pytest.mark.parametrize(
    ("bundle", "expected"),
    [
        ("V;PRS;3;SG", {"V", "PRS", "3", "SG"}),
        ("V;SG;3;PRES", {"V", "PRS", "3", "SG"}),
        ("N;GEN(1,SG)", {"N", "GEN", "1", "SG"}),
        ("V; PST ;", {"V", "PST"}),
        ("V;SBJV", {"V", "SBJV"}),
        ("V;SUBJ", {"V", "SBJV"}),
        ("", set()),
        (";;", set()),
    ],
)
def test_a_bundle_is_a_set_in_one_spelling(bundle, expected):
    assert parse_features(bundle) == expected


def test_the_table_answers_whatever_the_order_of_features():
    inflector = inflector_of(("go", "went", "V;PST"), ("go", "goes", "3;PRS;V;SG"))
    assert inflector.inflect("go", PAST) == ("went", "table")
    assert inflector.inflect("GO", frozenset({"SG", "V", "3"})) == ("goes", "table")


def test_the_cell_with_fewest_other_features_is_taken():
    inflector = inflector_of(("go", "had gone", "V;PST;PRF"), ("go", "went", "V;PST"), ("go", "gone", "V;PST;V.PTCP"))
    assert inflector.inflect("go", PAST) == ("went", "table")
    assert inflector.inflect("go", PAST | {"PRF"}) == ("had gone", "table")


def test_a_lemma_of_the_table_is_never_guessed():
    inflector = inflector_of(("play", "played", "V;PST"), ("stay", "stayed", "V;PST"), ("may", "may", "V;PRS"))
    assert inflector.inflect("may", PAST) is None


@pytest.mark.parametrize(
    ("rows", "wanted", "lemma", "form"),
    [
        ([("play", "played", "V;PST"), ("stay", "stayed", "V;PST")], PAST, "pray", "prayed"),
        (
            [("leko", "lekiku", "V;PST"), ("sunda", "sundiku", "V;PST"), ("tipo", "tipiku", "V;PST")],
            PAST,
            "miro",
            "miriku",
        ),
        ([("soma", "ulisoma", "V;PST"), ("sema", "ulisema", "V;PST")], PAST, "lima", "ulilima"),
        (
            [("city", "cities", "N;PL"), ("lady", "ladies", "N;PL"), ("dog", "dogs", "N;PL"), ("log", "logs", "N;PL")],
            PLURAL,
            "party",
            "parties",
        ),
        (
            [("city", "cities", "N;PL"), ("lady", "ladies", "N;PL"), ("dog", "dogs", "N;PL"), ("log", "logs", "N;PL")],
            PLURAL,
            "frog",
            "frogs",
        ),
    ],
)
def test_unseen_lemmas_follow_those_with_the_same_ending(rows, wanted, lemma, form):
    assert inflector_of(*rows).inflect(lemma, wanted) == (form, "learnt")


def test_one_example_teaches_nothing():
    rows = [("play", "played", "V;PST")]
    assert inflector_of(*rows).inflect("pray", PAST) is None
    assert inflector_of(*rows, minimum=1).inflect("pray", PAST) == ("prayed", "learnt")


def test_neither_phrases_nor_unknown_bundles_are_inflected():
    inflector = inflector_of(("play", "played", "V;PST"), ("stay", "stayed", "V;PST"))
    assert inflector.inflect("set up", PAST) is None and inflector.inflect("pray", frozenset({"V", "FUT"})) is None


def regular(*verbs: str) -> list[tuple[str, str, str]]:
    """Past and third person of regular verbs."""
    return [(verb, verb + ending, bundle) for verb in verbs for ending, bundle in (("ed", "V;PST"), ("s", "V;PRS;3;SG"))]


def test_a_missing_cell_is_guessed_where_the_cells_there_are_regular():
    rows = [*regular("play", "stay", "walk", "talk"), ("pray", "prays", "V;PRS;3;SG"), ("say", "saith", "V;PRS;3;SG")]
    assert inflector_of(*rows).inflect("pray", PAST) == ("prayed", "learnt")
    assert inflector_of(*rows).inflect("say", PAST) is None


def test_phrases_are_inflected_where_the_table_has_phrases():
    forms = {"give up": "gave up", "live up": "lived up", "set up": "set up", "wet up": "wet up"}
    phrases = [(lemma, form, "V;PST") for lemma, form in forms.items()]
    assert inflector_of(*regular("play", "stay"), *phrases).inflect("let up", PAST) == ("let up", "learnt")


def test_what_is_not_sure_enough_is_not_given():
    verbs = [("bado", "badoru", "V;PST"), ("gado", "gadoku", "V;PST"), ("lado", "ladosu", "V;PST"), ("mado", "madoru", "V;PST")]
    inflector = inflector_of(*verbs)
    assert inflector.inflect("sado", PAST) is None
    ranked = inflector.ranked("sado", PAST)
    assert ranked[0] == ("sadoru", pytest.approx(2 / 5)) and len(ranked) == 3


def test_all_forms_of_a_cell_are_ranked_first():
    inflector = inflector_of(("dream", "dreamt", "V;PST"), ("dream", "dreamed", "V;PST"), ("dream", "had dreamt", "V;PST;PRF"))
    assert inflector.ranked("Dream", PAST) == [("dreamed", 1.0), ("dreamt", 1.0)]
    assert inflector_of().ranked("dream", PAST) == [] and inflector_of().analyse("dream") == []


def test_many_questions_at_once_get_the_answers_of_each():
    inflector = inflector_of(*regular("play", "stay"), ("go", "went", "V;PST"))
    found = inflector.best([("go", PAST), ("pray", PAST), ("x", PAST)])
    assert found == [("went", 1.0), ("prayed", pytest.approx(2 / 3)), ("", 0.0)]
    assert inflector.best([]) == []


def test_a_form_is_analysed_by_the_table_or_led_back():
    inflector = inflector_of(*regular("play", "stay"), ("Play", "plays", "N;PL"), ("go", "went", "V;PST"))
    assert inflector.analyse("Went") == [Analysis("go", PAST, 1.0)]
    assert {(one.lemma, one.features) for one in inflector.analyse("plays")} == {
        ("play", frozenset({"V", "PRS", "3", "SG"})),
        ("Play", PLURAL),
    }
    assert inflector.analyse("prayed")[0] == Analysis("pray", PAST, pytest.approx(2 / 3))


STEMS = st.text("aeioubdk", min_size=2, max_size=6).map(lambda stem: stem + "ra")


@given(st.sets(STEMS, min_size=2, max_size=6), STEMS)
def test_inflected_forms_lead_back_to_their_lemma(lemmas, lemma):
    inflector = inflector_of(*((one, f"ni{one[:-1]}u", "V;PST") for one in sorted(lemmas)))
    form, _ = inflector.inflect(lemma, PAST)
    assert lemma in [one.lemma for one in inflector.analyse(form)]


BUNDLES = st.sampled_from(["V;PST", "V;FUT", "N;PL"])
ROWS = st.lists(
    st.tuples(st.text("abc ", min_size=1, max_size=5), st.text("abcd ", min_size=1, max_size=6), BUNDLES), max_size=15
)


@given(ROWS)
def test_the_tables_cells_are_given_and_analysed_as_they_are(rows):
    inflector = inflector_of(*rows)
    for lemma, form, bundle in rows:
        features = parse_features(bundle)
        assert (form, 1.0) in inflector.ranked(lemma, features)
        assert inflector.inflect(lemma, features)[1] == "table"
        assert Analysis(lemma, features, 1.0) in inflector.analyse(form)


def test_a_sample_of_a_large_table_has_many_lemmas_and_the_same_ones_each_time():
    rows = [(f"lemma{n}", f"form{n}.{k}", f"V;{k}") for n in range(60) for k in range(20)]
    paradigms = build_paradigms(Inflection(lemma, form, parse_features(bundle)) for lemma, form, bundle in rows)
    assert len(sample_cells(paradigms)) == len(rows)
    few = sample_cells(paradigms, most=300)
    assert len(few) == 300 and len({lemma for lemma, *_ in few}) == 60
    assert few == sample_cells(build_paradigms(Inflection(a, c, parse_features(b)) for a, c, b in reversed(rows)), most=300)


@pytest.mark.parametrize(
    ("lemma", "form", "change"),
    [
        ("play", "played", ("", 0, "ed")),
        ("city", "cities", ("", 1, "ies")),
        ("soma", "ulisoma", ("uli", 0, "")),
        ("go", "went", None),
        ("soma", "nisome", ("ni", 1, "e")),
        ("a", "a", ("", 0, "")),
        ("be", "was", None),
    ],
)
def test_changes_are_prefix_cut_and_ending(lemma, form, change):
    assert change_of(lemma, form) == change


@given(st.text("abc", min_size=1, max_size=7), st.text("abc", max_size=9))
def test_a_change_leads_from_lemma_to_form(lemma, form):
    change = change_of(lemma, form)
    if change is not None:
        prefix, cut, ending = change
        assert prefix + lemma[: len(lemma) - cut] + ending == form


def test_the_first_form_with_all_features_is_the_tables_own_first():
    table = inflector_of(("Run", "ran", "V;PST"), ("run", "runned", "V;PST;NSTD"), ("run", "running", "V;V.MSDR")).paradigms
    assert (table.form("RUN", "V", "PST"), table.form("run", "NSTD", "PST")) == ("ran", "runned")
    assert table.form("run", "FUT") == table.form("walk", "V") == ""


@given(
    st.lists(
        st.tuples(
            st.text("abc", min_size=1, max_size=5),
            st.text("abcd", min_size=1, max_size=6),
            st.sampled_from(["V;PST", "V;FUT"]),
        ),
        max_size=15,
    ),
    st.text("abc", min_size=1, max_size=5),
)
def test_any_table_answers_or_does_not_and_repeats_itself(rows, lemma):
    first, second = inflector_of(*rows), inflector_of(*rows)
    found = first.inflect(lemma, PAST)
    assert found == first.inflect(lemma, PAST) == second.inflect(lemma, PAST)
    cells = {form for one, form, bundle in rows if one == lemma and bundle == "V;PST"}
    assert (
        (found is not None and found[0] in cells and found[1] == "table")
        if cells
        else (found is None or found[1] == "learnt")
    )
