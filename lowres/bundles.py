"""Which bundle of the paradigm table serves the features that an English word asks for, and what a card declares of it.

A table knows a part of the schema only: what it lacks is said by its nearest feature (an aspect for a tense), or not at all.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from lowres.errors import LowresError
from lowres.features import UNMARKED, dimension
from lowres.language import Features, Language, declared_bundles
from lowres.morphology import Paradigms, parse_features

NOTHING: frozenset[str] = frozenset()
ATOMS = {"VERB": "V", "AUX": "V", "NOUN": "N", "PROPN": "N", "ADJ": "ADJ", "DET": "DET", "PRON": "PRO", "NUM": "NUM"}
N_BUNDLES = 3  # alternatives that a lemma with gaps in its table is asked for

# what stands for a feature that the table lacks, the nearest first
_INSTEAD = {
    "PST": ("PFV", "PRF"), "PRS": ("IPFV", "HAB", "SBJV"), "FUT": ("PRS", "IPFV", "SBJV"), "PROG": ("IPFV",),
    "PRF": ("PST", "PFV"), "NFIN": ("V.MSDR",), "V.MSDR": ("NFIN",), "IMP": ("SBJV",), "ACC": ("ABS", "NOM"), "NOM": ("ABS",),
    "GEN": ("DAT",), "DAT": ("ALL",), "FORM": ("POL", "ELEV"),
}  # fmt: skip
# the local cases that answer to a preposition, the nearest first; a table with none of them keeps the preposition
_CASES = {
    "in": ("LOC", "IN+ESS", "INE", "ESS"), "at": ("LOC", "AT+ESS", "ADE", "ON+ESS"), "on": ("LOC", "ON+ESS", "AT+ESS", "ADE"),
    "into": ("IN+ALL", "ILL", "ALL"), "to": ("ALL", "AT+ALL", "IN+ALL", "ILL", "DAT"), "from": ("ABL", "IN+ABL", "ELA", "AT+ABL"),
    "with": ("COM", "INS"), "by": ("INS",), "of": ("GEN",), "without": ("PRIV",), "until": ("TERM",),
}  # fmt: skip
_LOCAL = frozenset("LOC ABL ALL INS COM ESS INE ILL ELA ADE IN+ESS AT+ESS ON+ESS".split())
# what is given up first where no cell has everything
_GIVEN_UP = ("politeness", "argument", "gender", "animacy", "definiteness", "aspect", "possession", "number", "person", "case",
             "tense", "polarity", "mood", "comparison", "finiteness", "voice")  # fmt: skip
AGREE = {"ADJ": ("number", "case", "gender", "definiteness"), "DET": ("number", "case", "gender"), "NUM": ("case", "gender")}


@dataclass(slots=True)
class Grammar:
    """What card and table say together; `inventory` has the table's features by part of speech."""

    card: Features
    paradigms: Paradigms
    inventory: dict[str, frozenset[str]] = field(default_factory=dict)
    _found: dict[tuple[str, frozenset[str]], tuple[frozenset[str], ...]] = field(default_factory=dict)

    def has(self, atom: str, feature: str) -> bool:
        """Whether cells of that part of speech have the feature, more often than by a slip of the pen."""
        return feature in self.inventory.get(atom, ())

    def bundles(self, atom: str, wanted: frozenset[str]) -> tuple[frozenset[str], ...]:
        """The table's bundles that answer best to the `wanted` features (no part of speech among them), the best first."""
        key = atom, wanted
        if key not in self._found:
            self._found[key] = tuple(self._ranked(atom, wanted))
        return self._found[key]

    def _ranked(self, atom: str, wanted: frozenset[str]) -> list[frozenset[str]]:
        apt = _APT.get(atom, _NOMINAL)
        asked = sorted({self.served(atom, one) for one in wanted if dimension(one) in apt} - {""}, key=_strength)
        if "V.PTCP" in wanted or self._as_listed(atom, asked):
            return []
        settled = {dimension(feature) for feature in asked}
        while asked:
            fit = self._fitting(atom, frozenset(asked), settled)
            if fit:
                return fit[:N_BUNDLES]
            asked.pop(0)
        return []

    def _as_listed(self, atom: str, asked: list[str]) -> bool:
        """Whether a dictionary's form answers already: nothing marked is asked of a noun, nothing verbal of a verb."""
        if atom == "V":
            return not any(dimension(feature) in _VERBAL for feature in asked)
        return UNMARKED.issuperset(asked)

    def _fitting(self, atom: str, asked: frozenset[str], settled: set[str]) -> list[frozenset[str]]:
        counts = self.paradigms.bundles
        fit = [one for one in counts if asked <= one and _is_of(one, atom)]
        cost = {one: math.fsum(_cost(feature, settled, atom) for feature in one - asked) for one in fit}
        limit = min(_TOO_MUCH, min(cost.values(), default=0.0) + _FURTHER)
        return sorted((one for one in fit if cost[one] < limit), key=lambda one: (cost[one], -counts[one], sorted(one)))

    def served(self, atom: str, feature: str) -> str:
        """The feature itself where the table has it, else what stands for it, else ''."""
        return next((one for one in (feature, *_INSTEAD.get(feature, ())) if self.has(atom, one)), "")

    def case_of(self, preposition: str) -> str:
        """The case that an English preposition is, by the card, else by the table; '' where it stays a word."""
        declared = self.card.prepositions.get(preposition)
        if declared is not None:
            return declared
        if not any(self.has("N", case) for case in _LOCAL):
            return ""
        return next((case for case in _CASES.get(preposition, ()) if self.has("N", case)), "")

    def governed(self) -> str:
        """The case beside an adposition that stays."""
        if self.card.governed is not None:
            return self.card.governed
        if any(self.has("N", case) for case in _LOCAL):
            return ""
        return next((case for case in ("DAT", "ACC", "GEN") if self.has("N", case)), "")

    def object(self, definite: bool) -> str:
        """The case of a verb's object."""
        declared = self.card.definite_object if definite and self.card.definite_object is not None else self.card.object
        if declared is not None:
            return declared
        # beside local cases an accusative mostly marks what is definite (Turkish, not Finnish)
        return "ACC" if definite or not any(self.has("N", case) for case in _LOCAL) else ""

    def possessor(self) -> str:
        """The case of a possessor."""
        return "GEN" if self.card.possessor is None else self.card.possessor

    def verb(self, features: frozenset[str]) -> frozenset[str]:
        """English features of a verb as the card has them."""
        for feature, name in _DECLARED.items():
            declared = getattr(self.card, name)
            if feature in features and declared is not None:
                features = (features - {feature}) | parse_features(declared)
        if "IMP" in features and features.isdisjoint("13"):
            features |= {"2"}
        if self.card.politeness and "2" in features:
            features |= parse_features(self.card.politeness)
        return features


_SLIP = 1e-4  # share of all features
_DECLARED = {"IMP": "imperative", "PRS": "present", "PST": "past", "FUT": "future", "PROG": "progressive", "PRF": "perfect",
             "NFIN": "infinitive", "NEG": "negation"}  # fmt: skip
_TOO_MUCH = 100.0
_FURTHER = 2.0  # a bundle that costs so much more than the best says something else: better the dictionary's form
_SAID_OTHERWISE = frozenset({"mood", "interrogativity", "valency"})  # "you must feel" is no "you feel"
_NEVER_UNASKED = frozenset("possession case polarity argument comparison".split())
_VERBAL = frozenset("tense mood aspect finiteness polarity".split())
_NOMINAL = frozenset("number case definiteness possession gender animacy comparison politeness".split())
_APT = {"V": frozenset("tense mood aspect finiteness polarity person number gender voice politeness argument".split())}


_DEVERBAL = frozenset({"V.PTCP", "V.CVB"})  # tense and aspect of participles are not those of clauses


def _is_of(bundle: frozenset[str], atom: str) -> bool:
    return atom in bundle or (atom == "V" and any(feature.startswith("V.") for feature in bundle))


def _strength(feature: str) -> tuple[int, str]:
    """A key for sorting: what is given up first, first; of one dimension by name, since sets have another order in each run."""
    name = dimension(feature)
    return _GIVEN_UP.index(name) if name in _GIVEN_UP else -1, feature


def _cost(feature: str, settled: set[str], atom: str) -> float:
    """What a feature that nobody asked for costs; a second one of a dimension that is settled means something else."""
    name = dimension(feature)
    if name == "part of speech":
        return 0.0 if feature not in ("ADJ", "N") else 0.5
    if name in _NEVER_UNASKED and feature not in UNMARKED or (name == "language" and atom != "V"):
        return _TOO_MUCH
    if name in settled:
        return 2.0 if name in ("mood", "aspect") else _TOO_MUCH
    return 0.1 if feature in UNMARKED else 3.0 if name in _SAID_OTHERWISE else 1.0


def build_grammar(language: Language, paradigms: Paradigms) -> Grammar:
    """Card and table together."""
    counts: dict[str, Counter] = {}
    for bundle, count in paradigms.bundles.items():
        for atom in set(ATOMS.values()):
            if _is_of(bundle, atom) and bundle.isdisjoint(_DEVERBAL):
                counts.setdefault(atom, Counter()).update(dict.fromkeys(bundle, count))
    inventory = {atom: frozenset(one for one in found if found[one] > found.total() * _SLIP) for atom, found in counts.items()}
    return Grammar(language.features, paradigms, inventory)


_NOUN_KEYS = frozenset({"prepositions", "governed", "object", "definite_object", "possessor", "counted"})


def check_declared(language: Language, paradigms: Paradigms, where: Callable[..., str]) -> None:
    """Raise LowresError where the card declares features that no bundle of the tables holds together.

    `where` gives `path:line` of a key of the card. Tables without that part of speech say nothing, so nothing is refused.
    """
    for key, declared in declared_bundles(language.features):
        atom = "N" if key[0] in _NOUN_KEYS else "V"
        asked = parse_features(declared)
        listed = [one for one in paradigms.bundles if _is_of(one, atom)]
        if listed and not any(asked <= one for one in listed):
            raise LowresError(where("features", *key), f"features.{'.'.join(key)}: no table of the recipe has {declared}",
                              f"the nearest: {', '.join(nearest_bundles(asked, listed, paradigms))}")  # fmt: skip


def nearest_bundles(asked: frozenset[str], listed: Iterable[frozenset[str]], paradigms: Paradigms, n: int = 3) -> list[str]:
    """The bundles that share most features with `asked` and have fewest others, then the most frequent."""
    rank = sorted(listed, key=lambda one: (-len(asked & one), len(one - asked), -paradigms.bundles[one], sorted(one)))
    return [";".join(sorted(one, key=_written)) for one in rank[:n]]


def _written(feature: str) -> tuple[bool, str]:
    return dimension(feature) != "part of speech", feature


def describe(grammar: Grammar) -> str:
    """A line of what English is mapped to: the cases of prepositions, a command, the object, what agrees."""
    cases = [f"{one} {case}" for one in dict.fromkeys((*_CASES, *grammar.card.prepositions)) if (case := grammar.case_of(one))]
    command = grammar.bundles("V", grammar.verb(frozenset({"IMP", "2"})))
    parts = [f"prepositions as cases: {', '.join(cases) or 'none'}", f"beside others: {grammar.governed() or 'no case'}"]
    parts.append(f"a command: {';'.join(sorted(command[0], key=_written)) if command else 'as the dictionary lists it'}")
    return "; ".join(parts)
