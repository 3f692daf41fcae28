"""Affix changes by vote, and back."""

from lowres.inflection.endings import learn_endings

PAST, PLURAL = frozenset({"V", "PST"}), frozenset({"N", "PL"})
CELLS = [
    ("play", PAST, "played"),
    ("stay", PAST, "stayed"),
    ("try", PAST, "tried"),
    ("cry", PAST, "cried"),
    ("day", PLURAL, "days"),
]


def test_the_longest_ending_votes_and_one_dissenter_is_counted():
    assert learn_endings(CELLS).ranked("pray", PAST) == [("prayed", 2 / 3)]
    assert learn_endings(CELLS).ranked("fry", PAST) == [("fried", 2 / 3)]


def test_too_few_votes_say_nothing():
    assert learn_endings(CELLS).ranked("way", PLURAL) == []
    assert learn_endings(CELLS, minimum=1).ranked("way", PLURAL) == [("ways", 1 / 2)]


def test_the_first_of_several_forms_in_a_cell_votes():
    cells = [("play", PAST, "played"), ("play", PAST, "playd"), ("stay", PAST, "stayed")]
    assert learn_endings(cells).ranked("pray", PAST) == [("prayed", 2 / 3)]


def test_origins_are_lemmas_that_a_change_may_have_started_from():
    origins = learn_endings(CELLS).origins("fried")
    assert ("fry", PAST, 2) in origins and ("fri", PAST, 2) in origins
    assert learn_endings(()).origins("fried") == []


def test_a_form_may_begin_with_words_of_its_own():
    """Finnish: "olisivat olleet" before the participle."""
    bundle = frozenset({"V", "PRF", "COND"})
    cells = [(f"{stem}da", bundle, f"olisivat olleet {stem}neet") for stem in ("saa", "jaa")]
    assert learn_endings(cells).ranked("vaada", bundle) == [("olisivat olleet vaaneet", 2 / 3)]
