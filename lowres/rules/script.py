"""Rules of writing: names in the target's letters."""

import random

from lowres.pair import COPY, Pair, Word, changed
from lowres.rules.resources import Resources
from lowres.text import fold


def transliterate(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Spell words that no lexicon has, names above all, in the target's letters (`letters.tsv` beside the card)."""
    if not resources.letters:
        return pair
    return pair.with_words([_spelt(word, resources) if word.origin == COPY else word for word in pair.words])


def _spelt(word: Word, resources: Resources) -> Word:
    form = resources.spelt.get(word.form)
    if form is None:
        form = resources.spelt[word.form] = transliterated(fold(word.form), resources.letters)
    return changed(word, form=form, origin="rule:transliterate") if form != word.form else word


def transliterated(text: str, letters: dict[str, str]) -> str:
    """`text` by the longest matching letters; "^x" matches at the start of a word, "x$" at its end; others stay."""
    marked, out, i = f"^{text}$", [], 0
    longest = max(map(len, letters))
    while i < len(marked):
        for size in range(min(longest, len(marked) - i), 0, -1):
            found = letters.get(marked[i : i + size])
            if found is not None:
                # a marker is a condition, not a letter: what it closes stays open for the next match
                size -= size > 1 and marked[i + size - 1] == "$"
                break
        else:
            size, found = 1, marked[i].strip("^$")
        out.append(found)
        i += size
    return "".join(out)
