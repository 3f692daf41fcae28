"""Rules of writing: names in the target's letters."""

import random

from lowres.names import learn_names, spell_name
from lowres.pair import COPY, SPELT, Pair, Word, changed
from lowres.rules.resources import Resources
from lowres.text import fold


def transliterate(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Spell words that no lexicon has, names above all, in the target's letters.

    By `letters.tsv` beside the card where there is one, else as learnt from names in the lexicon and CLDR. Languages of
    Latin script keep names as they are.
    """
    if not resources.letters and resources.language.script == "Latn":
        return pair
    return pair.with_words([_spelt(word, resources) if word.origin == COPY else word for word in pair.words])


def _spelt(word: Word, resources: Resources) -> Word:
    form = resources.spelt.get(word.form)
    if form is None:
        form = resources.spelt[word.form] = _spelling(fold(word.form), resources)
    return changed(word, form=form, origin=SPELT) if form and form != word.form else word


def _spelling(form: str, resources: Resources) -> str:
    if resources.letters:
        return transliterated(form, resources.letters)
    if "names" not in resources.learnt:
        resources.learnt["names"] = learn_names(resources.language, resources.lexicon)
    return spell_name(form, resources.learnt["names"])


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
