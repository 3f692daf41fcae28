"""The characters of a language, in groups: for a picker on the screen, and to notice a letter that is not of its alphabet.

Exemplar characters come from `gflanguages` (Apache-2.0: CLDR's and those of a thousand languages more, in the order of the
alphabet). What it lacks is added from the language's own letters.tsv, its lexicon and texts, as often as they have it.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from pathlib import Path

import regex

from lowres.formats.tables import read_rows
from lowres.language import Language, beside_card, read_letters
from lowres.text import foreign_letters, graphemes, nfc, script_class

OWN = "Letters that a usual keyboard lacks"
MARKS = "Marks for the letter before"
JOINERS = "Invisible signs"
SIGNS = "Signs and digits"
RARE = "Rare letters"
OTHER = "Letters that every keyboard has"
SCRIPT = "Letters of the script"
TITLES = (OWN, MARKS, JOINERS, SIGNS, RARE, OTHER, SCRIPT)

_COMMON = 3  # occurrences that make a letter one of the language's
_SCRIPT_LETTERS = 400  # of a script of whose language nothing is known: more is no picker
_JOINERS = {"\u200c": "ZWNJ", "\u200d": "ZWJ"}
_COMPOSED_ELSEWHERE = regex.compile(r"[\p{Han}\p{Hangul}]")  # these are typed with an input method
_LETTER = regex.compile(r"[\p{L}\p{M}]")
_MARK = regex.compile(r"\p{M}+")
_VOWEL_SIGN = regex.compile(r"\p{Indic_Syllabic_Category=Vowel_Dependent}")
_SYLLABLES = regex.compile("[\u1200-\u135a]")
_WITH_W = {0x1248, 0x1258, 0x1288, 0x12B0, 0x12C0, 0x1310}  # rows of a consonant with w, which go with the row before


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """`text` is what a press writes, `upper` what it writes with shift, `shown` what is on the key, `name` what is read aloud."""

    text: str
    upper: str
    shown: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterGroup:
    """Keys in the alphabet's order; `title` is one of TITLES or the row's first letter. `open`: not folded to begin with."""

    title: str
    letters: tuple[Letter, ...]
    open: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Alphabet:
    """Lower-case letters in order, those of foreign names, marks by themselves, signs (punctuation, digits) and joiners.

    `script` has all letters of the script where nobody said what the language's are.
    """

    letters: tuple[str, ...] = ()
    rare: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    joiners: tuple[str, ...] = ()
    script: tuple[str, ...] = ()


def letters_of(language: Language, folder: Path | None = None, texts: Iterable[str] = ()) -> tuple[LetterGroup, ...]:
    """Keys for what a US keyboard lacks first; `folder` holds the user's `languages/`, `texts` are of the language.

    Ethiopic syllables are in rows by consonant. A language of which nothing is known has the letters of its script.
    """
    found = _alphabet(language, folder, texts)
    return tuple(group for group in _groups(found) if group.letters)


def alphabet_of(language: Language, folder: Path | None = None, texts: Iterable[str] = ()) -> frozenset[str]:
    """The code points that the language writes with, capitals too; empty where nobody said what its alphabet is."""
    exemplars = _exemplars(language.bcp47, language.script)
    if not exemplars.letters or _composed_elsewhere(language.script):
        return frozenset()
    found = _alphabet(language, folder, texts)
    small = "".join(chain(found.letters, found.marks, found.joiners))
    return frozenset(small) | frozenset(nfc(_upper(small, found.letters)))


def _groups(found: _Alphabet) -> Iterator[LetterGroup]:
    own = _typed(found.letters)
    script = [one for one in found.script if one not in own]
    yield from _rows([one for one in (*own, *script) if _SYLLABLES.match(one)], found)
    yield _group(OWN, _beside_rows(own), found)
    yield _group(SCRIPT, _beside_rows(script), found, False)
    yield _group(MARKS, found.marks if _needs_marks(found) else (), found, _has_vowel_signs(found))
    yield _group(JOINERS, found.joiners, found)
    yield _group(SIGNS, found.signs, found, False)
    yield _group(RARE, _typed(found.rare), found, False)
    yield _group(OTHER, [one for one in found.letters if one.isascii()], found, False)


def _typed(letters: Iterable[str]) -> list[str]:
    return [one for one in letters if not one.isascii()]


def _beside_rows(letters: Iterable[str]) -> list[str]:
    return [one for one in letters if not _SYLLABLES.match(one)]


def _needs_marks(found: _Alphabet) -> bool:
    """Not where every letter with a mark is one code point, as in Welsh."""
    written = "".join(found.letters)
    return any(one in written for one in found.marks) or written == written.upper()


def _has_vowel_signs(found: _Alphabet) -> bool:
    return any(_VOWEL_SIGN.match(one) or one in "".join(found.letters) for one in found.marks)


def _rows(syllables: list[str], found: _Alphabet) -> Iterator[LetterGroup]:
    """Ethiopic: one folded row per consonant, its seven orders and those with w."""
    rows: dict[int, list[str]] = {}
    for one in syllables:
        start = ord(one) & ~7
        rows.setdefault(start - 8 if start in _WITH_W else start, []).append(one)
    for row in rows.values():
        yield _group(row[0], row, found, False)


def _group(title: str, letters: Iterable[str], found: _Alphabet, is_open: bool = True) -> LetterGroup:
    return LetterGroup(title=title, letters=tuple(_key(one, found) for one in letters), open=is_open)


def _key(one: str, found: _Alphabet) -> Letter:
    shown = _JOINERS.get(one) or (f"◌{one}" if _MARK.fullmatch(one) else one)
    name = ", ".join(unicodedata.name(letter, f"U+{ord(letter):04X}").lower() for letter in one)
    return Letter(text=one, upper=nfc(_upper(one, found.letters)), shown=shown, name=name)


def _upper(text: str, letters: tuple[str, ...]) -> str:
    """Capitals; where ı is a letter, as in Turkish, that of i has its dot."""
    return (text.replace("i", "İ") if "ı" in letters else text).replace("ß", "ẞ").upper()


def _lower(text: str) -> str:
    return text.replace("İ", "i").lower()


# --- what the alphabet is


def _alphabet(language: Language, folder: Path | None, texts: Iterable[str]) -> _Alphabet:
    """The exemplars and what is attested beside them; where there are none, what is attested, and all of the script."""
    known, counted = _exemplars(language.bcp47, language.script), _attested(language, folder, texts)
    needed = _COMMON if known.letters else 1
    common = [one for one, count in counted.items() if count >= needed and not foreign_letters(one, language.script)]
    letters = _in_order(known.letters, [one for one in common if _is_letter(one)])
    return replace(
        known,
        letters=letters,
        rare=tuple(one for one in known.rare if one not in letters),
        marks=tuple(dict.fromkeys((*known.marks, *filter(_MARK.fullmatch, common)))),
        joiners=tuple(dict.fromkeys((*known.joiners, *(one for one in common if one in _JOINERS)))),
        script=() if known.letters else _of_script(language.script),
    )


def _is_letter(one: str) -> bool:
    return bool(_LETTER.search(one)) and not _MARK.fullmatch(one) and not _COMPOSED_ELSEWHERE.search(one)


def _composed_elsewhere(script: str) -> bool:
    return "Script=Han" in script_class(script)  # Hani, Hang


def _in_order(known: tuple[str, ...], more: list[str]) -> tuple[str, ...]:
    """`known` in its order with `more` among it: beside the letter without its marks, a to z in theirs, others at the end."""
    ordered = list(known)
    for one in sorted(set(more) - set(known), key=lambda one: (unicodedata.normalize("NFD", one), one)):
        plain = unicodedata.normalize("NFD", one)[0]
        before = [place for place, other in enumerate(ordered) if _precedes(other, plain)]
        ordered.insert(before[-1] + 1 if before else len(ordered), one)
    return tuple(ordered)


def _precedes(one: str, plain: str) -> bool:
    return unicodedata.normalize("NFD", one)[0] == plain or (one.isascii() and plain.isascii() and one < plain)


@cache
def _of_script(script: str) -> tuple[str, ...]:
    """Small letters of a script beyond ASCII, at most 400; none of those that are typed with an input method."""
    own = script_class(script)
    if not own:
        return ()
    letters = regex.compile(rf"(?V1)[[{own}]&&[\p{{Ll}}\p{{Lo}}]--[\p{{Han}}\p{{Hangul}}]]")
    found = [one for code in range(0x80, 0x20000) if letters.match(one := chr(code)) and nfc(one) == one]
    small = [one for one in found if one != one.upper()]
    return tuple((small or found)[:_SCRIPT_LETTERS])


def _attested(language: Language, folder: Path | None, texts: Iterable[str]) -> Counter[str]:
    """Letters, marks and joiners of the language's own files and of `texts`; those of letters.tsv count as common."""
    counted: Counter[str] = Counter()
    lexicon = beside_card("lexicon.tsv", language.iso639_3, folder)
    written = (row["target"] for _, row in read_rows(lexicon, ("target",))) if lexicon else ()
    for text in chain(written, texts):
        counted.update(_units(text))
    for target in read_letters(language.iso639_3, folder).values():
        counted.update(dict.fromkeys(_units(target), _COMMON))
    return counted


def _units(text: str) -> Iterator[str]:
    """What is one key: a letter with its marks where the script has capitals, else every code point."""
    for cluster in graphemes(_lower(nfc(text))):
        if cluster[0] != cluster[0].upper():
            yield "".join(one for one in cluster if one not in _JOINERS)
        else:
            yield from (one for one in cluster if _LETTER.match(one) or one in _JOINERS)


# --- what gflanguages has


@cache
def _exemplars(bcp47: str, script: str) -> _Alphabet:
    """The exemplar characters of a language in a script; none where the package or the language is missing."""
    parts = _read_exemplars(f"{bcp47.partition('-')[0]}_{script}")
    if parts is None:
        return _Alphabet()
    base, rare, marks = (_tokens(part, script) for part in (parts.base, parts.auxiliary, parts.marks))
    letters = tuple(filter(_is_letter, base))
    return _Alphabet(
        letters=letters,
        rare=tuple(one for one in rare if _is_letter(one) and one not in letters),
        marks=tuple(dict.fromkeys(filter(_MARK.fullmatch, (*marks, *base, *rare)))),
        signs=_signs(f"{parts.punctuation} {parts.numerals}", script),
        joiners=tuple(one for one in _JOINERS if one in f"{parts.base}{parts.auxiliary}"),
    )


def _read_exemplars(name: str):
    from importlib.resources import files

    try:
        from gfmetadata import LanguageProto, text_format

        path = files("gflanguages.data") / "languages" / f"{name}.textproto"
    except ModuleNotFoundError:
        return None
    if not path.is_file():
        return None
    return text_format.Parse(path.read_text(encoding="utf-8"), LanguageProto()).exemplar_chars


def _tokens(listed: str, script: str) -> list[str]:
    """Lower-case letters of a list such as 'a b {ch} ◌́ 가-힣', in its order; digraphs and other scripts are left out."""
    found = chain.from_iterable(map(_expanded, listed.replace("◌", "").split()))
    small = dict.fromkeys(nfc(_lower(one)) for one in found)
    return [one for one in small if len(graphemes(one)) == 1 and not foreign_letters(one, script)]


def _expanded(token: str) -> Iterator[str]:
    if token.startswith("{"):
        yield token.strip("{}")
    elif _COMPOSED_ELSEWHERE.match(token):
        return
    elif len(token) == 3 and token[1] == "-":
        yield from map(chr, range(ord(token[0]), ord(token[2]) + 1))
    else:
        yield from graphemes(token)


def _signs(listed: str, script: str) -> tuple[str, ...]:
    """Punctuation and digits that belong to the script itself."""
    own = script_class(script).replace("Script=", "scx=")
    pattern = regex.compile(rf"(?V1)[[{own}]&&[\p{{P}}\p{{Nd}}]]") if own else None
    return tuple(dict.fromkeys(pattern.findall(listed))) if pattern else ()
