"""What rules may read, and what a rule is."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from lowres.fluency import Fluency
from lowres.language import Language
from lowres.lexicon import Lexicon
from lowres.morphology import Inflector, Paradigms
from lowres.pair import Pair


@dataclass(slots=True)
class Resources:
    """What rules may read: the target language's card, lexicon and inflector."""

    language: Language
    lexicon: Lexicon = field(default_factory=Lexicon)
    inflector: Inflector = field(default_factory=lambda: Inflector(Paradigms()))
    letters: dict[str, str] = field(default_factory=dict)  # source letters -> the target script's, for names
    spelt: dict[str, str] = field(default_factory=dict)  # what `transliterate` made of each form
    temperature: float = 1.0  # of draws among translations: in proportion to weight ** (2 / temperature), 0 takes the best
    fluency: Fluency | None = None  # of the recipe's texts
    decoded: dict = field(init=False, default_factory=dict)  # what `decode` has weighed before
    links: dict[tuple[str, str], float] = field(init=False, default_factory=dict)  # how well a form follows another

    def link(self, before: str, form: str) -> float:
        """How much likelier the folded `form` is after `before` than anywhere: log p(form | before) - log p(form)."""
        found = self.links.get((before, form))
        if found is None:
            found = self.links[before, form] = _link(self.fluency, before.rsplit(" ", 1)[-1], form.split(" ", 1)[0])
        return found


_UNSEEN = "\x00"  # in no text; after a given word all unseen ones are alike, and their spelling costs time


def _link(fluency: Fluency, before: str, word: str) -> float:
    if before and before not in fluency:
        return 0.0
    word = word if word in fluency else _UNSEEN
    return fluency.word(word, before) - fluency.word(word, _UNSEEN)


Rule = Callable[[Pair, Resources, random.Random], Pair]
