"""The source utterance read: lemma, part of speech and UniMorph features for every word."""

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from lowres.english import apart, clitic_feature, with_requests
from lowres.tagger import Tagger
from lowres.tagger.files import TAGGER, read_tagger
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


def tagger_file(folder: Path | None = None) -> Path:
    """The weights in a folder that `lowres tagger` wrote; of the English tagger that ships with lowres where none is given."""
    from lowres.resources import resources_folder

    return (folder or resources_folder() / "models" / "english-tagger") / TAGGER


@cache
def english() -> Tagger:
    """The tagger that ships with lowres."""
    return read_tagger(tagger_file())


@cache
def source_tagger(folder: Path) -> Tagger:
    """The tagger that `lowres tagger` wrote into a folder, read once."""
    return read_tagger(tagger_file(folder))


def analyse(text: str, tagger: Tagger | None = None) -> tuple[Token, ...]:
    """One token per word of `text`; an English clitic stays with its host, which gives tag and lemma."""
    tagger = tagger or english()
    spans = word_spans(text)
    forms = [text[start:end] for start, end in spans]
    if tagger.language != "eng":
        tags = tagger.tag([bare(form) for form in forms])
        return tuple([_token(f, start, bare(f), tag, "", tagger) for f, (start, _), tag in zip(forms, spans, tags, strict=True)])
    plain = text[1:].islower()  # a capital in front is no name's
    parts = [apart(form.lower() if plain else form) for form in forms]
    words = [word for part in parts for word in part]
    tags = with_requests(tagger.tag(words), words, tagger.lemma)
    out, at = [], 0
    for form, (start, _), part in zip(forms, spans, parts, strict=True):
        extra = clitic_feature(part[1], tags[at + 1]) if len(part) > 1 else ""
        out.append(_token(form, start, part[0], tags[at], extra, tagger))
        at += len(part)
    return tuple(out)


@lru_cache(maxsize=1 << 15)
def _token(form: str, start: int, host: str, tag: str, extra: str, tagger: Tagger) -> Token:
    return Token(form, start, start + len(form), *_reading(host, tag, extra, tagger))


@lru_cache(maxsize=1 << 14)
def _reading(host: str, tag: str, extra: str, tagger: Tagger) -> tuple[str, str, frozenset[str]]:
    """Lemma, part of speech and features of a word with `tag`; `extra` is what its clitic adds."""
    upos, _, features = tag.partition("|")
    return tagger.lemma(host, upos), upos, frozenset(filter(None, [*features.split(";"), extra]))
