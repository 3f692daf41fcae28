"""Names in a language's script: pairs of names from the lexicon and from CLDR, and the spelling learnt from them."""

import string
import unicodedata
from collections.abc import Iterator
from itertools import product

import regex

from lowres.language import Language
from lowres.lexicon import Lexicon
from lowres.spelling import Speller, WordPair, learn_alike
from lowres.text import fold, script_class

_LATIN = regex.compile(r"[\p{Script=Latn}\p{M}']+")


def learn_names(language: Language, lexicon: Lexicon) -> Speller:
    """How names written in Latin letters are spelt in the language's script.

    Learnt from CLDR's names of countries, the lexicon's names, and the loanwords among its other words.
    """
    names = sorted({*country_names(language), *lexicon_pairs(language, lexicon, names=True)})
    return learn_alike(names, lexicon_pairs(language, lexicon, names=False))


def country_names(language: Language) -> Iterator[WordPair]:
    """English names of one word and the language's own, from CLDR by way of langcodes; none where CLDR lacks the language."""
    import langcodes

    written = in_script(language.script)
    for code in map("".join, product(string.ascii_uppercase, repeat=2)):
        try:
            place = langcodes.Language.make(territory=code)
            pair = fold(place.territory_name("en")), fold(place.territory_name(language.bcp47))
        except (LookupError, ValueError, AttributeError):
            continue
        if _LATIN.fullmatch(pair[0]) and written.fullmatch(pair[1]):
            yield pair


def lexicon_pairs(language: Language, lexicon: Lexicon, *, names: bool) -> Iterator[WordPair]:
    """The lexicon's pairs of single words, names or all others, in the language's script."""
    written = in_script(language.script)
    for phrase, options in lexicon.translations.items():
        if _LATIN.fullmatch(phrase):
            for one in options:
                if (one.upos == "PROPN") == names and written.fullmatch(form := fold(one.form)):
                    yield phrase, form


def in_script(script: str) -> regex.Pattern:
    """Words of an ISO 15924 script; where Unicode has none of that name, any but Latin letters."""
    own = script_class(script)
    return regex.compile(rf"[{own}\p{{M}}]+" if own else r"[^\P{L}\p{Script=Latn}]+")


def spell_name(form: str, speller: Speller) -> str:
    """A folded form in the learnt spelling; what is neither a letter nor a mark stays, English 's goes."""
    stem = form.removesuffix("'s")
    return _LATIN_RUN.sub(lambda run: _opened(speller.spell(_met(run[0], speller))), stem)


def _opened(word: str) -> str:
    """A word that begins with a vowel sign begins with that vowel's letter; other marks that open a word go.

    What follows consonants was learnt as a sign, and Indic scripts write the same vowel as a letter where no consonant is.
    """
    if not word or unicodedata.category(word[0])[0] != "M":
        return word
    name = unicodedata.name(word[0], "").replace("VOWEL SIGN", "LETTER")
    try:
        return unicodedata.lookup(name) + word[1:] if "LETTER" in name else _opened(word[1:])
    except KeyError:
        return _opened(word[1:])


_LATIN_RUN = regex.compile(r"[\p{Script=Latn}\p{M}]+")
_DOUBLED = regex.compile(r"([b-df-hj-np-tv-z])\1")
_INSTEAD = {"x": "ks", "q": "k", "w": "u", "c": "k", "y": "i", "j": "dz", "z": "s", "h": "", "v": "u", "f": "p"}


def _met(word: str, speller: Speller) -> str:
    """`word` with its letters that no pair had replaced by those that sound like them, doubled ones by one."""
    word = _DOUBLED.sub(lambda both: both[0] if speller.has_met(both[0]) else both[1], word)
    return "".join(letter if speller.has_met(letter) else _INSTEAD.get(letter, letter) for letter in word)
