"""Lemmas: edits learnt by part of speech and suffix, and by heart what they get wrong."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

TaggedWord = tuple[str, str, str]  # form, joint tag such as "VERB|2;IMP", lemma
Edits = Mapping[str, tuple[int, str]]  # "upos suffix" -> cut, ending


def lemma_of(word: str, upos: str, known: Mapping[str, str], edits: Edits) -> str:
    """The lemma of a word in lower case: as learnt, else by the edit of the longest known suffix."""
    found = known.get(f"{word} {upos}")
    if found is not None:
        return found
    for size in range(min(5, len(word) - 1), 0, -1):
        edit = edits.get(f"{upos} {word[-size:]}")
        if edit:
            cut, ending = edit
            return word[: len(word) - cut] + ending if cut < len(word) else word
    return word


def learn_lemmas(sentences: Sequence[Sequence[TaggedWord]]) -> tuple[dict[str, str], dict[str, tuple[int, str]]]:
    """The frequent forms that the edits get wrong, and the edits."""
    seen: dict[tuple[str, str], Counter] = defaultdict(Counter)
    for sentence in sentences:
        for form, tag, lemma in sentence:
            seen[form.lower(), tag.partition("|")[0]][lemma.lower()] += 1
    votes: dict[str, Counter] = defaultdict(Counter)
    for (form, upos), lemmas in seen.items():
        edit = _edit(form, lemmas.most_common(1)[0][0])
        for size in range(1, min(5, len(form) - 1) + 1):
            votes[f"{upos} {form[-size:]}"][edit] += 1
    edits = {key: found.most_common(1)[0][0] for key, found in votes.items() if found.total() >= 3}
    known = {(form, upos): lemmas.most_common(1)[0][0] for (form, upos), lemmas in seen.items()}
    return {f"{f} {u}": lemma for (f, u), lemma in known.items() if lemma_of(f, u, {}, edits) != lemma}, edits


def _edit(form: str, lemma: str) -> tuple[int, str]:
    shared = 0
    while shared < min(len(form), len(lemma)) and form[shared] == lemma[shared]:
        shared += 1
    return len(form) - shared, lemma[shared:]
