"""What only English needs when an utterance is read: words taken apart at their clitics, and requests."""

from collections.abc import Callable, Sequence
from functools import lru_cache

from lowres.text import bare

_CLITICS = ("'s", "'m", "'re", "'ve", "'ll", "'d", "n't")
# written without the apostrophe, as recognisers and hurried people do
_TOGETHER = {
    "whats": ("what", "s"), "hows": ("how", "s"), "wheres": ("where", "s"), "whos": ("who", "s"), "thats": ("that", "s"),
    "lets": ("let", "s"), "im": ("i", "m"), "ive": ("i", "ve"), "dont": ("do", "nt"), "doesnt": ("does", "nt"),
    "didnt": ("did", "nt"), "isnt": ("is", "nt"), "cant": ("ca", "nt"), "wont": ("wo", "nt"), "gonna": ("gon", "na"),
    "wanna": ("wan", "na"), "gimme": ("gim", "me"), "lemme": ("lem", "me"),
}  # fmt: skip


@lru_cache(maxsize=1 << 14)
def apart(form: str) -> tuple[str, ...]:
    """A written word as a treebank has it: host and clitic, without the punctuation at its ends."""
    word = bare(form).replace("’", "'")
    lower = word.lower()
    if lower in _TOGETHER:
        return _TOGETHER[lower]
    for clitic in _CLITICS:
        if lower.endswith(clitic) and len(word) > len(clitic):
            return word[: -len(clitic)], word[-len(clitic) :]
    return (word,)


def clitic_feature(clitic: str, tag: str) -> str:
    """The UniMorph feature that a clitic with its tag adds to its host; ''."""
    clitic = clitic.lower()
    if clitic in ("n't", "nt"):
        return "NEG"
    return "FUT" if clitic == "'ll" else "PSS" if clitic == "'s" and tag.startswith("PART") else ""


_ADDRESS = ("INTJ", "PROPN", "ADV", "CCONJ")
_ASKING = frozenset(("can", "could", "would", "will"))
_WISHES = frozenset(("thank", "want", "need", "hope", "wish", "love"))  # whose subject goes without saying
Lemma = Callable[[str, str], str]


def with_requests(tags: list[str], words: Sequence[str], lemma: Lemma) -> list[str]:
    """A bare verb in front or after an address is a command, and so is what "can you please …" asks for."""
    start = _after(tags, 0, _ADDRESS)
    lower = [word.lower() for word in words[start : start + 2]]
    asked = lower[1:] == ["you"] and lower[0] in _ASKING
    verb = _after(tags, start + 2, ("INTJ", "ADV")) if asked else start
    if verb >= len(tags) or not tags[verb].startswith("VERB") or (not asked and lower[0] in _WISHES):
        return tags
    word = words[verb].lower()  # "set" and "put" may have been taken for a past, "are" is no bare form
    return [*tags[:verb], "VERB|2;IMP", *tags[verb + 1 :]] if lemma(word, "VERB") == word else tags


def _after(tags: Sequence[str], start: int, skipped: tuple[str, ...]) -> int:
    """The first place from `start` whose tag is none of those skipped."""
    return next((i for i in range(start, len(tags)) if not tags[i].startswith(skipped)), len(tags))
