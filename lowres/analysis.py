"""The source utterance read: lemma, part of speech and UniMorph features for every word."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from lowres.tagger import TaggedWord, Tagger, read_tagger
from lowres.text import bare, fold, word_spans

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Token:
    """A source word with code-point offsets; `features` is a UniMorph bundle without the part of speech."""

    form: str
    start: int
    end: int
    lemma: str
    upos: str
    features: frozenset[str] = NOTHING

    @property
    def key(self) -> str:
        """What dictionaries are asked for: the folded form without the punctuation at its ends."""
        return fold(bare(self.form))


_MAP = {
    ("Mood", "Imp"): "IMP", ("Tense", "Past"): "PST", ("Tense", "Pres"): "PRS", ("Number", "Plur"): "PL",
    ("Number", "Sing"): "SG", ("Person", "1"): "1", ("Person", "2"): "2", ("Person", "3"): "3", ("Case", "Nom"): "NOM",
    ("Case", "Acc"): "ACC", ("VerbForm", "Inf"): "NFIN", ("VerbForm", "Part"): "V.PTCP", ("VerbForm", "Ger"): "V.MSDR",
    ("Degree", "Cmp"): "CMPR", ("Degree", "Sup"): "SPRL", ("Poss", "Yes"): "PSS", ("Voice", "Pass"): "PASS",
    ("Polarity", "Neg"): "NEG",
}  # fmt: skip


def joint_tag(upos: str, feats: str) -> str:
    """The tag that is learnt: UPOS and the UniMorph features of a CoNLL-U FEATS column, e.g. "VERB|IMP;2"."""
    pairs = (tuple(item.split("=", 1)) for item in feats.split("|") if "=" in item)
    kept = sorted(filter(None, (_MAP.get(pair) for pair in pairs)))
    if upos in ("ADJ", "ADV", "NUM"):
        kept = [feature for feature in kept if feature in ("CMPR", "SPRL")]
    return f"{upos}|{';'.join(kept)}"


@lru_cache(maxsize=1024)
def _split_tag(tag: str) -> tuple[str, frozenset[str]]:
    upos, _, features = tag.partition("|")
    return upos, frozenset(filter(None, features.split(";")))


@cache
def english() -> Tagger:
    """The tagger that ships with lowres."""
    from lowres.resources import resources_folder

    return read_tagger(resources_folder() / "models" / "english-tagger" / "tagger.json.gz")


_CLITIC = ("'s", "'m", "'re", "'ve", "'ll", "'d", "n't")


def analyse(text: str, tagger: Tagger | None = None) -> tuple[Token, ...]:
    """One token per word of `text`; a clitic stays with its host, which gives tag and lemma."""
    tagger = tagger or english()
    spans = word_spans(text)
    forms = [text[start:end] for start, end in spans]
    hosts = [_host(form)[0] for form in forms]
    tags = _commands(tagger.tag(hosts), hosts)
    return tuple(
        [_token(form, start, tag, tagger) for form, (start, _), tag in zip(forms, spans, tags, strict=True)]
    )


_BEFORE_COMMAND = frozenset((
    "please", "olly", "hey", "ok", "okay", "kindly", "now", "just", "and", "then", "so", "yes", "no", "can", "could",
    "would", "will", "you",
))  # fmt: skip


def _commands(tags: list[str], hosts: list[str]) -> list[str]:
    """A bare verb that opens an utterance is a command, also after an address or a request ("can you please …")."""
    for i, (tag, host) in enumerate(zip(tags, hosts, strict=True)):
        upos, features = _split_tag(tag)
        if upos != "VERB" and host in _COMMANDS and _governs(tags[i + 1 : i + 2]):
            return [*tags[:i], "VERB|2;IMP", *tags[i + 1 :]]
        if upos == "VERB":
            bare = host in _COMMANDS or not features & {"PST", "V.PTCP", "V.MSDR", "3"}
            return [*tags[:i], "VERB|2;IMP", *tags[i + 1 :]] if bare else tags
        if host not in _BEFORE_COMMAND:
            return tags
    return tags


# verbs that open requests and look like nouns, names or adjectives to a tagger of written text
_COMMANDS = frozenset((
    "play", "set", "call", "email", "text", "book", "order", "list", "search", "check", "cancel", "turn", "open", "close",
    "find", "show", "tell", "remind", "schedule", "add", "mute", "dim", "snooze", "tweet", "post", "message", "start", "stop",
    "pause", "resume", "delete", "remove", "wake", "brew", "clean", "vacuum", "rate", "shuffle", "repeat", "skip", "transfer",
    "pay", "update", "change", "share", "translate", "increase", "decrease", "lower", "raise", "create", "make", "get", "give",
))  # fmt: skip


def _governs(following: list[str]) -> bool:
    """Whether what follows can be a command's object: "play music", but not "list of songs"."""
    return bool(following) and _split_tag(following[0])[0] not in ("ADP", "VERB", "AUX", "PUNCT", "CCONJ")


@lru_cache(maxsize=1 << 14)
def _host(form: str) -> tuple[str, str]:
    """A form in lower case without punctuation and clitic, and the clitic."""
    word = form.lower()
    word = word.replace("’", "'").rstrip(".,?!;:") or word
    for clitic in _CLITIC:
        if word.endswith(clitic) and len(word) > len(clitic):
            return word[: -len(clitic)], clitic
    return word, ""


@lru_cache(maxsize=1 << 15)
def _token(form: str, start: int, tag: str, tagger: Tagger) -> Token:
    return Token(form, start, start + len(form), *_reading(form, tag, tagger))


@lru_cache(maxsize=1 << 14)
def _reading(form: str, tag: str, tagger: Tagger) -> tuple[str, str, frozenset[str]]:
    """Lemma, part of speech and features of a form that got `tag`."""
    host, clitic = _host(form)
    upos, features = _split_tag(tag)
    extra = {"n't": "NEG", "'s": "PSS" if upos in ("NOUN", "PROPN") else "", "'ll": "FUT"}.get(clitic, "")
    return tagger.lemma(host, upos), upos, features | {extra} if extra else features


def read_tagged(paths: Iterable[Path]) -> Iterator[list[TaggedWord]]:
    """Sentences of CoNLL-U treebanks as (form, joint tag, lemma)."""
    from lowres.formats.conllu import read_conllu

    for path in paths:
        for sentence in read_conllu(path):
            yield [(token.form, joint_tag(token.upos, token.features), token.lemma) for token in sentence]


def spoken(sentence: list[TaggedWord]) -> list[TaggedWord]:
    """A copy as people speak to an assistant: without punctuation."""
    return [word for word in sentence if not word[1].startswith("PUNCT")]
