"""Rules of local life: names from where speakers live in the slots that hold names."""

import random

from lowres.entities import NAMES_ONLY
from lowres.pair import COPY, SPELT, Pair, Word, make_word
from lowres.rules.resources import Resources

# People say these as they are, wherever they live.
_KEPT = frozenset((
    "facebook twitter instagram youtube whatsapp snapchat reddit tiktok linkedin skype google amazon uber spotify netflix "
    "pandora itunes bbc cnn wikipedia gmail"
).split())  # fmt: skip


def localise(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Fill some slots that hold names with names of the place (`entities.tsv` beside the card), whole slots only.

    `synthesize.local_share` says how often; what English possesses with "'s" keeps it.
    """
    names = resources.entities
    if not names or not pair.utterance.slots:
        return pair
    words = list(pair.words)
    for index, slot in enumerate(pair.utterance.slots):
        choice = names.get(slot.name.casefold())
        if choice and rng.random() < resources.local_share:
            words = _filled(pair, words, index, choice, rng)
    return pair.with_words(words)


def _filled(pair: Pair, words: list[Word], index: int, choice, rng: random.Random) -> list[Word]:
    """`words` with one name in place of the slot's, where they stand together and are a name."""
    inside = [k for k, word in enumerate(words) if pair.slot(word) == index]
    if inside and words[inside[-1]].upos == "PART" and len(inside) > 1:
        inside.pop()
    if not inside or inside[-1] - inside[0] + 1 != len(inside) or not _is_name(pair, words, inside, choice[0].kind):
        return words
    first, last = inside[0], inside[-1]
    entity = choice[int(rng.random() * len(choice))]
    source = tuple(sorted({i for k in inside for i in words[k].source}))
    gloss = " ".join([pair.tokens[i].form for i in source])
    said = entity.name.lower() if gloss.islower() else entity.name
    features = entity.features | (words[last].features & {"PSS"})
    name = make_word(said, said, "PROPN", features, source, f"entity:{entity.kind}", gloss)
    return [*words[:first], name, *words[last + 1 :]]


def _is_name(pair: Pair, words: list[Word], inside: list[int], kind: str) -> bool:
    """Whether a slot's words may go: no name that everybody keeps, and a name at all where the slot holds common words too."""
    keys = [pair.tokens[i].key.replace(".", "") for k in inside for i in words[k].source]
    if not _KEPT.isdisjoint((*keys, "".join(keys))):  # b. b. c.
        return False
    head = words[inside[-1]]
    unknown = len(inside) == 1 and head.origin in (COPY, SPELT)
    return kind not in NAMES_ONLY or head.upos == "PROPN" or unknown
