"""Glosses in a tenth of the memory say what `Glosser` says, and memory stays bounded."""

from hypothesis import given, settings
from hypothesis import strategies as st

from lowres.affixes import Affixes, format_affixes
from lowres.gloss import Glosser, format_glosses, gloss_utterance
from lowres.loans import Loans, format_loans, learn_loans
from lowres.serving.glosses import CompactGlosser, read_compact
from lowres.serving.pieces import Memo
from lowres.text import fold
from lowres.utterance import Utterance

_LETTERS = st.text("aáàbsọ́'ñ ሰ夜", min_size=1, max_size=5).map(fold).filter(bool)
_TABLES = st.dictionaries(_LETTERS, st.lists(_LETTERS, max_size=3).map(tuple), max_size=12)
_AFFIXES = st.dictionaries(st.tuples(st.sampled_from(["", "a", "s"]), st.sampled_from(["", "b", "s"])),
                           st.dictionaries(st.tuples(st.sampled_from(["", "s"]), st.sampled_from(["", "a"])), st.integers(2, 9),
                                           min_size=1), max_size=4)  # fmt: skip
_LOANS = learn_loans(["bass", "sobs", "nabs"] * 9, {"sss": 9})


@settings(max_examples=300, deadline=None)
@given(_TABLES, _AFFIXES, st.sampled_from(["", "left", "right"]), st.lists(_LETTERS, min_size=1, max_size=6))
def test_compact_glosses_say_the_same(table, votes, grows, words):
    affixes = Affixes(votes, grows, ("a",))
    plain = Glosser(dict(sorted(table.items())), affixes, _LOANS)
    compact = CompactGlosser(format_glosses(table).encode(), affixes, loans=_LOANS)
    text = " ".join(words)
    for word in [*words, *table, text, text.upper()]:
        assert compact.gloss(word) == plain.gloss(word)
    assert compact.is_source(text) == plain.is_source(text)
    said = Utterance(id="1", text=text, locale="und")
    assert gloss_utterance(said, compact) == gloss_utterance(said, plain)


def test_glosses_are_read_from_their_files_in_less_than_twice_their_bytes(tmp_path):
    table = {f"neno{i:05}": (f"word {i}", "thing") for i in range(5000)}
    (tmp_path / "g.tsv").write_text(format_glosses(table))
    (tmp_path / "a.tsv").write_text(format_affixes(Affixes()))
    (tmp_path / "l.txt").write_text(format_loans(learn_loans(["taxi"] * 9, {})))
    found = read_compact(tmp_path / "g.tsv", tmp_path / "a.tsv", tmp_path / "l.txt")
    assert found.gloss("Neno00042!") == ("word 42", "thing") and found.gloss("neno") == () and found.gloss("тaксi") == ("taxi",)
    assert found.n_bytes < 2 * (tmp_path / "g.tsv").stat().st_size
    assert read_compact(tmp_path / "none", tmp_path / "a.tsv", tmp_path / "l.txt") is None
    assert read_compact(tmp_path / "g.tsv", tmp_path / "a.tsv", tmp_path / "none").gloss("тaксi") == ()  # an older adapter


def test_what_is_remembered_is_bounded():
    memo = Memo(3)
    assert [memo.recall(i, lambda i=i: (i,)) for i in (1, 2, 3, 1, 4)] == [(1,), (2,), (3,), (1,), (4,)]
    assert len(memo) == 1


def test_words_that_are_no_loans_count_in_memory():
    many = Loans(("taxi",), frozenset(f"neno{i}" for i in range(1000)))
    assert CompactGlosser(b"", Affixes(), loans=many).n_bytes > CompactGlosser(b"", Affixes(), loans=Loans(("taxi",))).n_bytes + 40_000
