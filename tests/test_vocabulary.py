"""Words that become tokens: which are chosen, and where their rows begin."""

from types import SimpleNamespace

import torch

from lowres.gloss import Glosser
from lowres.lexicon import Entry, SourcedEntry, build_lexicon
from lowres.morphology import Inflection, build_paradigms, parse_features
from lowres.pair import Word
from lowres.synthesis import Kept
from lowres.utterance import Utterance
from lowres.vocabulary import MIN_PIECES, Vocabulary, begin_rows, build_vocabulary, choose_words


class Letters:
    """Pieces as a reader has them: one per letter."""

    def __init__(self, *own: str) -> None:
        self.own = {word: 26 + i for i, word in enumerate(own)}

    def split(self, word: str) -> tuple[int, ...]:
        return tuple(ord(letter) - ord("a") for letter in word)


def kept(text: str, source: str, *words: Word) -> Kept:
    return Kept(Utterance(id="1:0", text=text, locale="qaa"), source, words, 1.0)


def word(form: str, lemma: str) -> Word:
    return Word(form, lemma, "VERB", frozenset(), (0,), "lexicon", "call")


def test_words_of_the_pairs_come_before_all_others_and_copies_never():
    pairs = [kept("Nipige zuri, london", "call london", word("Nipige", "piga")), kept("nipige", "call")]
    entries = [Entry("good", "zuri", "ADJ"), Entry("good day", "habari gani", "X")]
    lexicon = build_lexicon(SourcedEntry(entry, "a") for entry in entries)
    table = build_paradigms([Inflection("imba", "aliimba", parse_features("V;PST"))])
    found = build_vocabulary(pairs, lexicon, table, {"kitabu": 900, "aliimba": 1})
    often = sorted(found.counts, key=lambda one: -found.counts[one])
    assert often == ["nipige", "zuri", "kitabu", "aliimba"]
    assert found.lemmas["nipige"] == "piga" and found.lemmas["aliimba"] == "imba"


def test_the_most_frequent_words_of_many_pieces_are_chosen():
    counts = {"ab": 9, "abc": 5, "abcd": 7, "abcde": 1, "xyz": 5}
    assert choose_words(Vocabulary(counts), 3, Letters()) == ["abc", "abcd", "xyz"]
    assert choose_words(Vocabulary(counts), 99, Letters()) == ["abc", "abcd", "abcde", "xyz"]
    assert all(len(one) >= MIN_PIECES for one in choose_words(Vocabulary(counts), 99, Letters()))


def test_a_row_begins_between_its_pieces_its_gloss_and_its_lemmas_row():
    torch.manual_seed(0)
    pieces, embedding = Letters("abc", "abcd", "xyz"), torch.nn.Embedding(29, 4)
    base = embedding.weight.detach().clone()
    begin_rows(embedding, pieces, Glosser({"abc": ("no", "on")}), {"abcd": "abc", "abc": "abc"})

    def mean(text: str) -> torch.Tensor:
        return base[list(pieces.split(text))].mean(0)

    lemma = (mean("abc") + mean("no")) / 2
    assert torch.allclose(embedding.weight[26], lemma)
    assert torch.allclose(embedding.weight[27], (mean("abcd") + lemma) / 2)
    assert torch.allclose(embedding.weight[28], mean("xyz"))
    assert torch.equal(embedding.weight[:26], base[:26])


def test_lemmas_that_point_at_each_other_end():
    embedding = torch.nn.Embedding(28, 4)
    begin_rows(embedding, Letters("abc", "cba"), Glosser(), {"abc": "cba", "cba": "abc"})
    assert torch.isfinite(embedding.weight).all()
    begin_rows(embedding, SimpleNamespace(own={}), Glosser(), {})
