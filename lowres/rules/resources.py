"""What rules may read, and what a rule is."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lowres.bundles import Grammar, build_grammar
from lowres.entities import Entity
from lowres.fluency import Fluency
from lowres.language import Language
from lowres.lexicon import Lexicon
from lowres.morphology import Inflector, Paradigms
from lowres.numerals import Numerals
from lowres.pair import Pair
from lowres.tagger import Tagger


@dataclass(slots=True)
class Resources:
    """What rules may read: the target language's card, lexicon and inflector."""

    language: Language
    lexicon: Lexicon = field(default_factory=Lexicon)
    inflector: Inflector = field(default_factory=lambda: Inflector(Paradigms()))
    letters: dict[str, str] = field(default_factory=dict)  # source letters -> the target script's, for names
    entities: dict[str, tuple[Entity, ...]] = field(default_factory=dict)  # casefolded slot name -> local names for it
    local_share: float = 0.3  # of the slots that have local names, how many get one
    numerals: Numerals | None = None  # how the language says numbers
    tagger: Tagger | None = None  # of the source language; None: English
    spelt: dict[str, str] = field(default_factory=dict)  # what `transliterate` made of each form
    related: Lexicon = field(default_factory=Lexicon)  # of the related languages that `cognates` borrows from
    folder: Path | None = None  # the recipe's, for sounds of the user's own (languages/<iso639-3>/ipa.csv)
    fluency: Fluency | None = None  # the language model of the recipe's texts
    temperature: float = 1.0  # of draws among translations: in proportion to weight ** (2 / temperature), 0 takes the best
    misheard_share: float = 0.0  # of words that `sound_alike` respells
    learnt: dict[str, Any] = field(init=False, default_factory=dict)  # what rules learnt from the resources when first asked, by name

    @property
    def grammar(self) -> Grammar:
        """The features that card and paradigm table know."""
        if "grammar" not in self.learnt:
            self.learnt["grammar"] = build_grammar(self.language, self.inflector.paradigms)
        return self.learnt["grammar"]


Rule = Callable[[Pair, Resources, random.Random], Pair]
