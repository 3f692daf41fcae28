"""A small made-up language with cases, possession, gender, negative and polite verbs, for the tests of the rules."""

import random
from dataclasses import replace
from pathlib import Path

from lowres.formats.massive import parse_annotation
from lowres.language import Features, read_language
from lowres.lexicon import Entry, SourcedEntry, build_lexicon
from lowres.morphology import Inflection, Inflector, build_paradigms, parse_features
from lowres.pair import Pair, read_pair
from lowres.rules import Resources
from lowres.utterance import Utterance

TOY = Path(__file__).parent.parent / "fixtures" / "qaa"
_NOUN = {
    "N;NOM;SG": "", "N;NOM;PL": "su", "N;ACC;SG": "n", "N;ACC;PL": "sun", "N;GEN;SG": "ro", "N;GEN;PL": "suro",
    "N;LOC;SG": "mi", "N;LOC;PL": "sumi", "N;ABL;SG": "de", "N;INS;SG": "la",
    "N;NOM;SG;PSS1S": "ji", "N;LOC;SG;PSS1S": "jimi", "N;ACC;SG;PSS1S": "jin",
}  # fmt: skip
_VERB = {
    "V;IMP;2;SG": "!e", "V;IMP;2;SG;FORM": "!ena", "V;IMP;2;SG;NEG": "!eno",
    "V;IND;PRS;1;SG": "m", "V;IND;PRS;2;SG": "t", "V;IND;PRS;3;SG": "s",
    "V;IND;PRS;3;PL": "st", "V;IND;PST;3;SG": "kus", "V;IND;FUT;3;SG": "ras",
    "V;IND;FUT;1;SG": "ram", "V;IND;PRS;3;SG;NEG": "snos",
    "V;NFIN": "ta", "V;IMP;2;SG;ARGAC1S": "!em",
}  # fmt: skip
_ADJECTIVE = {
    "ADJ;MASC;NOM;SG": "", "ADJ;FEM;NOM;SG": "ka", "ADJ;FEM;ACC;SG": "kan", "ADJ;FEM;LOC;SG": "kami", "ADJ;MASC;ACC;SG": "n",
}  # fmt: skip
_GENDERS = {"dom": "MASC", "veli": "FEM", "kandu": "FEM", "gonto": "MASC", "mama": "FEM"}
_WORDS = [
    ("house", "dom", "NOUN"), ("song", "veli", "NOUN"), ("town", "kandu", "NOUN"), ("alarm", "gonto", "NOUN"),
    ("mother", "mama", "NOUN"),
    ("play", "leko", "VERB"), ("rain", "miro", "VERB"), ("see", "vido", "VERB"), ("tell", "halo", "VERB"),
    ("red", "jusa", "ADJ"), ("in", "ze", "ADP"), ("from", "fe", "ADP"), ("of", "pe", "ADP"), ("for", "po", "ADP"),
    ("not", "no", "PART"),
    ("my", "ji", "PRON"), ("me", "ma", "PRON"), ("i", "mi", "PRON"), ("she", "la", "PRON"), ("they", "lo", "PRON"),
    ("near", "nu", "ADP"),
]  # fmt: skip


def rows(nouns: dict[str, str] = _NOUN, verbs: dict[str, str] = _VERB) -> list[Inflection]:
    """The whole table."""
    found = []
    for lemma, gender in _GENDERS.items():
        found += [(lemma, lemma + ending, f"{bundle};{gender}") for bundle, ending in nouns.items()]
    for lemma in ("leko", "miro", "vido", "halo"):
        found += [(lemma, f"e{lemma}{end[2:]}" if end.startswith("!e") else lemma + end, bundle) for bundle, end in verbs.items()]
    found += [("jusa", f"jusa{ending}", bundle) for bundle, ending in _ADJECTIVE.items()]
    return [Inflection(lemma, form, parse_features(bundle)) for lemma, form, bundle in found]


def resources(table: list[Inflection] | None = None, **card) -> Resources:
    """The language with its table, and the card's `features` as given."""
    entries = [SourcedEntry(Entry(source, target, upos, i), "lexicon") for i, (source, target, upos) in enumerate(_WORDS)]
    language = replace(read_language("qaa", TOY), features=Features(**card))
    return Resources(language, build_lexicon(entries), Inflector(build_paradigms(rows() if table is None else table)))


def pair_of(annotated: str) -> Pair:
    """An English utterance, read."""
    text, slots = parse_annotation(annotated, "here")
    return read_pair(Utterance(id="1", text=text, locale="en", slots=slots))


def said(annotated: str, given: Resources, *rules) -> str:
    """What the rules make of it."""
    pair = pair_of(annotated)
    for rule in rules:
        pair = rule(pair, given, random.Random(1))
    return " ".join(word.form for word in pair.words)
