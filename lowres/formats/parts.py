"""Parts of speech as dictionaries name them, in Universal Dependencies' tags."""

from lowres.errors import LowresError

_NAMES = {
    "NOUN": "n noun nf nm n.f n.m n.mf n.nt s subst proverb phrase-noun counter",
    "VERB": "v verb vblex vb vt vi vbser vbhaver vbmod v.t v.i",
    "ADJ": "adj adjective a adj.sint",
    "ADV": "adv adverb cnjadv",
    "PROPN": "name np proper np.ant np.top np.cog np.loc np.org prop propn",
    "PRON": "pron pronoun prn",
    "DET": "det determiner article art",
    "ADP": "prep preposition postp pr post adp",
    "CCONJ": "conj conjunction cnjcoo cconj",
    "SCONJ": "cnjsub sconj",
    "NUM": "num numeral number",
    "INTJ": "intj interjection ij int",
    "PART": "part particle",
}
TAGS = sorted([*_NAMES, "AUX", "PUNCT", "SYM", "X"])
_UPOS = {name: upos for upos, names in _NAMES.items() for name in names.split()}


def upos_of(name: str) -> str:
    """The UD tag for a dictionary's part of speech ("n.f" -> NOUN); '' where it is not known."""
    key = name.strip().lower().rstrip(".")
    return _UPOS.get(key) or _UPOS.get(key.split(".")[0].split(" ")[0], "")


def parse_upos(name: str, where: str) -> str:
    """The UD tag that a user's `name` means, '' for an empty one; raises LowresError for a word nobody uses."""
    tag = name.strip()
    found = tag if tag in TAGS else upos_of(tag)
    if tag and not found:
        raise LowresError(where, f"the part of speech {tag[:40]!r}", f"one of {', '.join(TAGS)}, or nothing")
    return found
