"""Words of the language that become tokens of their own, and where their embeddings begin."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from torch import Tensor, nn

from lowres.gloss import Glosser
from lowres.lexicon import Lexicon
from lowres.model import PieceReader
from lowres.morphology import Paradigms
from lowres.synthesis import Kept
from lowres.text import bare, fold, words

MIN_PIECES = 3  # a word of fewer is read well enough as it is


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How often each folded word of the language is met, and the folded lemma of those that have one."""

    counts: Mapping[str, float] = field(default_factory=dict)
    lemmas: Mapping[str, str] = field(default_factory=dict)


def build_vocabulary(
    pairs: Iterable[Kept], lexicon: Lexicon, paradigms: Paradigms, text: Mapping[str, int]
) -> Vocabulary:
    """The words of the pairs, copies from the source left out, and behind all of them those of text, dictionary and table."""
    counts: Counter = Counter(dict.fromkeys([*lexicon.glosses, *paradigms.lemmas], 0.0))
    most = max(text.values(), default=0) + 1
    counts.update({word: times / most for word, times in text.items()})
    lemmas = {form: fold(found[0]) for form, found in paradigms.lemmas.items()}
    copied: set[str] = set()
    for kept in pairs:
        counts.update(fold(bare(word)) for word in words(kept.utterance.text))
        lemmas |= {fold(word.form): fold(word.lemma) for word in kept.words if word.lemma}
        copied.update(fold(bare(word)) for word in words(kept.source))
    return Vocabulary({word: n for word, n in counts.items() if " " not in word and word not in copied}, lemmas)


def choose_words(vocabulary: Vocabulary, n_words: int, pieces: PieceReader) -> list[str]:
    """The `n_words` most frequent words that the tokenizer breaks into MIN_PIECES or more, sorted."""
    counts = vocabulary.counts
    often = sorted(counts, key=lambda word: (-counts[word], word))
    many = (word for word in often if len(pieces.split(word)) >= MIN_PIECES)
    return sorted(word for word, _ in zip(many, range(n_words), strict=False))


def begin_rows(embedding: nn.Embedding, pieces: PieceReader, glosser: Glosser, lemmas: Mapping[str, str]) -> None:
    """Let the row of each word of its own begin at the mean of what is known: its pieces, its first gloss, its lemma's row."""
    rows = embedding.weight.data
    begun: dict[str, Tensor] = {}

    def begin(word: str) -> Tensor:
        if word not in begun:
            begun[word] = _mean(rows, pieces.split(word))  # ends a circle of lemmas
            known = [begun[word]]
            gloss = [piece for part in words(" ".join(glosser.gloss(word)[:1])) for piece in pieces.split(part)]
            known += [_mean(rows, gloss)] if gloss else []
            lemma = lemmas.get(word, word)
            known += [begin(lemma)] if lemma != word and " " not in lemma else []
            begun[word] = sum(known) / len(known)
        return begun[word]

    for word, row in pieces.own.items():
        rows[row] = begin(word)


def _mean(rows: Tensor, ids) -> Tensor:
    return rows[list(ids)].mean(0)
