"""Treebanks as a tagger learns them: words, joint tags, lemmas, and copies as people speak."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from lowres.tagger import TaggedWord, Tagger

_MAP = {
    ("Mood", "Imp"): "IMP", ("Tense", "Past"): "PST", ("Tense", "Pres"): "PRS", ("Number", "Plur"): "PL",
    ("Number", "Sing"): "SG", ("Person", "1"): "1", ("Person", "2"): "2", ("Person", "3"): "3", ("Case", "Nom"): "NOM",
    ("Case", "Acc"): "ACC", ("VerbForm", "Inf"): "NFIN", ("VerbForm", "Part"): "V.PTCP", ("VerbForm", "Ger"): "V.MSDR",
    ("Degree", "Cmp"): "CMPR", ("Degree", "Sup"): "SPRL", ("Poss", "Yes"): "PSS", ("Voice", "Pass"): "PASS",
    ("Polarity", "Neg"): "NEG",
}  # fmt: skip
_AGREEMENT = frozenset(("1", "2", "3", "SG", "PL"))
_THIRD = frozenset(("3", "SG", "PRS"))


def joint_tag(upos: str, feats: str, language: str = "eng") -> str:
    """The tag that is learnt: UPOS and the UniMorph features of a CoNLL-U FEATS column, e.g. "VERB|2;IMP"."""
    pairs = (tuple(item.split("=", 1)) for item in feats.split("|") if "=" in item)
    kept = {_MAP[pair] for pair in pairs if pair in _MAP}
    if upos in ("ADJ", "ADV", "NUM"):
        kept &= {"CMPR", "SPRL"}
    if language == "eng" and upos in ("VERB", "AUX"):
        kept = _english_verb(kept)
    return f"{upos}|{';'.join(sorted(kept))}"


def _english_verb(features: set[str]) -> set[str]:
    """As UniMorph's English table has it: agreement shows in the third person alone, and treebanks differ about the rest."""
    if "IMP" in features:
        return {"2", "IMP"}
    return features - _AGREEMENT | (_THIRD if features >= _THIRD else set())


def read_tagged(paths: Iterable[Path], language: str = "eng") -> Iterator[list[TaggedWord]]:
    """Sentences as (form, joint tag, lemma): English in syntactic words, which `analyse` makes; others as written."""
    from lowres.formats.conllu import read_conllu, read_conllu_written

    read = read_conllu if language == "eng" else read_conllu_written
    for path in paths:
        for sentence in read(path):
            yield [(word.form, joint_tag(word.upos, word.features, language), word.lemma) for word in sentence]


def spoken(sentence: list[TaggedWord]) -> list[TaggedWord]:
    """A copy as people speak to an assistant: in lower case and without punctuation."""
    return [(form.lower(), tag, lemma) for form, tag, lemma in sentence if not tag.startswith("PUNCT")]


_BARE = ("VERB|NFIN", "VERB|PRS")
_BEFORE = ("INTJ", "ADV", "CCONJ")


def with_commands(sentence: list[TaggedWord]) -> list[TaggedWord]:
    """An English request whose first verb is bare is a command: treebanks of speech have "show me …" as an infinitive."""
    for i, (form, tag, lemma) in enumerate(sentence):
        if tag in _BARE and form == lemma:
            return [*sentence[:i], (form, "VERB|2;IMP", lemma), *sentence[i + 1 :]]
        if not tag.startswith(_BEFORE):
            break
    return sentence


def accuracy(tagger: Tagger, sentences: Iterable[list[TaggedWord]]) -> tuple[float, float]:
    """Shares of words whose UPOS, and whose whole joint tag, are right; the words are those of the treebank."""
    n_words = n_upos = n_joint = 0
    for sentence in sentences:
        for (_, gold, _), tag in zip(sentence, tagger.tag([form for form, _, _ in sentence]), strict=True):
            n_words += 1
            n_joint += tag == gold
            n_upos += tag.partition("|")[0] == gold.partition("|")[0]
    return n_upos / max(1, n_words), n_joint / max(1, n_words)
