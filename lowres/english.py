"""What only English needs when an utterance is read: small words by kind, words taken apart at their clitics, requests."""

from collections.abc import Callable, Sequence
from functools import lru_cache

from lowres.text import bare

MONTHS = frozenset("january february march april may june july august september october november december".split())
WEEKDAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
MOMENTS = frozenset("today tomorrow tonight yesterday now".split())
WHEN = MOMENTS | WEEKDAYS | (MONTHS - {"may"}) | frozenset((
    "week weekend month year morning afternoon evening night noon midnight day hour minute weekday currently"
).split())  # fmt: skip
ARTICLES = frozenset({"the", "a", "an"})
POSSESSIVES = frozenset("my your his her its our their".split())
DETERMINERS = ARTICLES | frozenset("this that these those any some all every each another no".split())
QUESTIONS = frozenset("what who where when how why which".split())
ABLE = frozenset({"can", "could", "may", "might"})
OBLIGED = frozenset({"should", "must", "shall"})
HELPERS = ABLE | OBLIGED | {"be", "do", "have", "will", "would"}
CALLS = frozenset("please hey hi hello ok okay olly alexa siri google now kindly".split())  # before a request
OPENERS = CALLS | {"can", "could", "would", "you"}
CLITICS = ("'s", "'m", "'re", "'ve", "'ll", "'d", "n't")
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
    for clitic in CLITICS:
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
_NO_COMMANDS = frozenset((
    "thank", "want", "need", "hope", "wish", "love",  # whose subject goes without saying
    "today", "tonight", "tomorrow", "yesterday",
))  # fmt: skip
_COMMAND = "VERB|2;IMP"
Lemma = Callable[[str, str], str]


def with_requests(tags: list[str], words: Sequence[str], lemma: Lemma) -> list[str]:
    """A bare verb in front or after an address is a command, and so is what "can you please …" asks for.

    Of "don't …" the auxiliary commands, and its verb is bare: treebanks differ about it.
    """
    start = _after(tags, 0, _ADDRESS)
    lower = [word.lower() for word in words[start : start + 2]]
    if lower[:1] == ["do"] and tags[start + 1 : start + 2] == ["PART|NEG"]:
        verb = _after(tags, start + 2, ("INTJ", "ADV"))
        bare = ["VERB|NFIN"] if tags[verb : verb + 1] == [_COMMAND] else tags[verb : verb + 1]
        return [*tags[:start], "AUX|2;IMP", *tags[start + 1 : verb], *bare, *tags[verb + 1 :]]
    asked = lower[1:] == ["you"] and lower[0] in _ASKING
    verb = _after(tags, start + 2, ("INTJ", "ADV")) if asked else start
    if verb >= len(tags) or not (tags[verb].startswith("VERB") or _has_object(tags, words, verb)):
        return tags
    if not asked and lower[0] in _NO_COMMANDS:
        return tags
    word = words[verb].lower()  # "set" and "put" may have been taken for a past, "are" is no bare form
    return [*tags[:verb], _COMMAND, *tags[verb + 1 :]] if lemma(word, "VERB") == word else tags


def _has_object(tags: Sequence[str], words: Sequence[str], i: int) -> bool:
    """Whether what looks like a noun governs a noun phrase, as only a verb can: "film the garden", "quiz me"."""
    object_ = tags[i + 1] if i + 1 < len(tags) else ""
    opens = object_.startswith("DET") or (object_.startswith("PRON") and not {"PSS", "ACC"}.isdisjoint(object_[5:].split(";")))
    return opens and tags[i] in ("NOUN|SG", "ADJ|", "X|") and words[i + 1].lower() not in ("this", "every")  # "weather this week"


def _after(tags: Sequence[str], start: int, skipped: tuple[str, ...]) -> int:
    """The first place from `start` whose tag is none of those skipped."""
    return next((i for i in range(start, len(tags)) if not tags[i].startswith(skipped)), len(tags))
