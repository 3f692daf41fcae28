"""Characters and words of any script: normal form, words with offsets, matching keys.

Offsets are code points of NFC text everywhere in lowres.
"""

import unicodedata
from functools import cache, lru_cache

import regex

# Written without spaces: there every grapheme cluster counts as a word.
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}"
_WORD = regex.compile(rf"[^\s{_UNSPACED}]+|[{_UNSPACED}]\p{{M}}*")
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


def graphemes(text: str) -> list[str]:
    """Extended grapheme clusters: what a reader calls letters."""
    return regex.findall(r"\X", text)


def foreign_letter(text: str, script: str) -> str:
    """The first letter of `text` that the ISO 15924 script does not have, or ''."""
    pattern = _foreign(script)
    found = pattern.search(text) if pattern else None
    return found[0] if found else ""


@lru_cache
def _foreign(script: str) -> regex.Pattern[str] | None:
    own = "".join(rf"--\p{{Script={code}}}" for code in _SCRIPTS.get(script, script).split())
    try:
        return regex.compile(rf"[\p{{L}}{own}--\p{{Script=Zyyy}}--\p{{Script=Zinh}}]", regex.V1)
    except regex.error:  # a script that Unicode has not encoded
        return None


@lru_cache(maxsize=1 << 17)
def bare(word: str) -> str:
    """A word without the punctuation at its ends; initials ("b.") and a word of nothing else stay as they are."""
    return word if len(word) == 2 and word[1] == "." else _EDGES.sub("", word) or word


@lru_cache(maxsize=1 << 17)
def unmarked(text: str) -> str:
    """`text` without combining marks: tones, vowel signs and dots below are gone, so words may fall together."""
    plain = unicodedata.normalize("NFD", text)
    return nfc("".join(letter for letter in plain if not unicodedata.combining(letter)))


@lru_cache(maxsize=1 << 17)
def fold(text: str) -> str:
    """The key under which spellings match: casefolded, one apostrophe, no invisible characters.

    Accents and vowel signs stay: in most languages they tell words apart.
    """
    # apostrophes last: casefolding ŉ and composing U+1FFD each make a new one
    plain = nfc(text.casefold()).translate(_APOSTROPHES)
    return " ".join(nfc(_INVISIBLE.sub("", plain)).split())


# ISO 15924 codes of writing that mixes scripts, as the scripts of its letters.
_MIXED = {"Jpan": "Hira Kana Hani", "Kore": "Hang Hani", "Hrkt": "Hira Kana", "Hans": "Hani", "Hant": "Hani", "Aran": "Arab"}


@lru_cache(maxsize=1 << 17)
def foreign_letters(text: str, script: str) -> str:
    """The letters of `text` that belong to another script than `script` (ISO 15924); letters of all scripts belong to none."""
    pattern = _foreign_pattern(script)
    return "".join(pattern.findall(text)) if pattern else ""


@cache
def _foreign_pattern(script: str) -> regex.Pattern[str] | None:
    own = "".join(rf"\p{{Script={one}}}" for one in _MIXED.get(script, script).split())
    try:
        return regex.compile(rf"(?V1)[\p{{L}}--[{own}\p{{Script=Zyyy}}\p{{Script=Zinh}}]]")
    except regex.error:  # a script that has no letters of its own in Unicode
        return None


@lru_cache(maxsize=1 << 17)
def script_of(word: str) -> str:
    """A name of the script of a word's first letter, as Unicode's character names have it (LATIN, ETHIOPIC); '' without one."""
    letter = next(filter(str.isalpha, word), "")
    return unicodedata.name(letter, "").partition(" ")[0] if letter else ""
