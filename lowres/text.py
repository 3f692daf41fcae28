"""Characters and words of any script: normal form, words with offsets, matching keys.

Offsets are code points of NFC text everywhere in lowres.
"""

import unicodedata
from collections import Counter
from functools import cache, lru_cache

import regex

# Written without spaces: there every grapheme cluster counts as a word. U+1361 is Ethiopic's space between words.
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}"
_WORD = regex.compile(rf"[^\s\u1361{_UNSPACED}]+|[{_UNSPACED}]\p{{M}}*")
_UNSPACED_LETTER = regex.compile(f"[{_UNSPACED}]")
_ASCII_WORD = regex.compile(r"\S+")  # the same on ASCII text, and three times as fast
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ`´ʻʹ＇", "'"))
_EDGES = regex.compile(r"^[\p{Ps}\p{Pi}\p{Pf}\"'.,;:!?¡¿…]+|[\p{Pe}\p{Pi}\p{Pf}\".,;:!?…؟،۔።፣՞՜։॥।]+$")
_SCRIPTS = {  # ISO 15924 codes that are no script of Unicode's, or more than one
    "Hans": "Hani", "Hant": "Hani", "Jpan": "Hani Hira Kana", "Kore": "Hang Hani", "Hrkt": "Hira Kana", "Aran": "Arab"
}  # fmt: skip
_INVISIBLE = regex.compile(r"[\u200b\u200c\u200d\u2060\ufeff\u00ad]")


def nfc(text: str) -> str:
    """`text` in Unicode normal form C, the only form stored anywhere."""
    return unicodedata.normalize("NFC", text)


def word_spans(text: str) -> list[tuple[int, int]]:
    """(start, end) of every word: runs without white space; single clusters in unspaced scripts."""
    return [match.span() for match in _pattern(text).finditer(text)]


def words(text: str) -> list[str]:
    """The words of `text` in order."""
    return _pattern(text).findall(text)


def _pattern(text: str) -> regex.Pattern[str]:
    return _ASCII_WORD if text.isascii() else _WORD


def is_unspaced(word: str) -> bool:
    """Whether a word has letters of a script without spaces, of which every cluster counts as a word."""
    return not word.isascii() and bool(_UNSPACED_LETTER.search(word))


def graphemes(text: str) -> list[str]:
    """Extended grapheme clusters: what a reader calls letters."""
    return regex.findall(r"\X", text)


@lru_cache(maxsize=1 << 17)
def bare(word: str) -> str:
    """A word without the punctuation at its ends; initials ("b.") and a word of nothing else stay as they are."""
    return word if len(word) == 2 and word[1] == "." else _EDGES.sub("", word) or word


@lru_cache(maxsize=1 << 17)
def unmarked(text: str) -> str:
    """`text` without combining marks: tones, vowel signs and dots below are gone, so words may fall together."""
    plain = unicodedata.normalize("NFD", text)
    return nfc("".join(letter for letter in plain if not unicodedata.combining(letter)))


def marks_apart(one: str, other: str) -> int:
    """How many letters and combining marks one of two texts has and the other has not, wherever they stand."""
    here, there = (Counter(unicodedata.normalize("NFD", text)) for text in (one, other))
    return ((here - there) + (there - here)).total()


@lru_cache(maxsize=1 << 17)
def fold(text: str) -> str:
    """The key under which spellings match: casefolded, one apostrophe, no invisible characters.

    Accents and vowel signs stay: in most languages they tell words apart.
    """
    # apostrophes last: casefolding ŉ and composing U+1FFD each make a new one
    plain = nfc(text.casefold()).translate(_APOSTROPHES)
    return " ".join(nfc(_INVISIBLE.sub("", plain)).split())


@lru_cache(maxsize=1 << 17)
def foreign_letters(text: str, script: str) -> str:
    """The letters of `text` that belong to another script than `script` (ISO 15924); letters of all scripts belong to none."""
    pattern = _foreign(script)
    return "".join(pattern.findall(text)) if pattern else ""


@cache
def _foreign(script: str) -> regex.Pattern[str] | None:
    own = script_class(script)
    return regex.compile(rf"(?V1)[\p{{L}}--[{own}\p{{Script=Zyyy}}\p{{Script=Zinh}}]]") if own else None


@cache
def script_class(script: str) -> str:
    """The inside of a character class of `regex` that holds the letters of an ISO 15924 script; '' of one not in Unicode."""
    own = "".join(rf"\p{{Script={code}}}" for code in _SCRIPTS.get(script, script).split())
    try:
        regex.compile(f"[{own}]")
    except regex.error:
        return ""
    return own


@lru_cache(maxsize=1 << 17)
def script_of(word: str) -> str:
    """A name of the script of a word's first letter, as Unicode's character names have it (LATIN, ETHIOPIC); '' without one."""
    letter = next(filter(str.isalpha, word), "")
    return unicodedata.name(letter, "").partition(" ")[0] if letter else ""


_VOWELS = 0xE000  # private use: the vowel of an Ethiopic syllable, by its place in the consonant's row of eight


_SYLLABLE = regex.compile("[\u1200-\u1357]")  # rows of eight, one for each consonant
_SPLIT = regex.compile("([\u1200-\u1357]?)([\ue000-\ue007])")


def split_syllables(text: str) -> str:
    """`text` with every Ethiopic syllable as two letters, its consonant (the first of its row) and a mark for its vowel."""
    return _SYLLABLE.sub(lambda one: chr(ord(one[0]) & ~7) + chr(_VOWELS + (ord(one[0]) & 7)), text)


def join_syllables(text: str) -> str:
    """The inverse of `split_syllables`, in normal form; a vowel's mark without its consonant is left out."""
    return nfc(_SPLIT.sub(_joined, text))


def _joined(one: regex.Match[str]) -> str:
    syllable, mark = one.groups()
    bare = bool(syllable) and not ord(syllable) & 7
    return chr(ord(syllable) | ord(mark) - _VOWELS) if bare else syllable
