"""Corrections: what linguists say of single words, in the language's own `lexicon.tsv` beside its card, signed and dated.

Rows with an author are corrections. They come first in every recipe of the language; rows without one are a dictionary
like any other, read by the recipes that name the file. What is taken back moves to `taken_back.tsv`, so nothing is lost.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import regex

from lowres.errors import LowresError, at
from lowres.formats.parts import parse_upos
from lowres.formats.tables import read_rows
from lowres.language import Language, card_path
from lowres.lexicon import MAX_WORDS, Entry, clean_form
from lowres.resources import bundled_folder, resources_folder
from lowres.text import foreign_letters, nfc

LEXICON, TAKEN_BACK = "lexicon.tsv", "taken_back.tsv"
LICENCE = "CC0-1.0"  # what people enter there is nobody's property
COLUMNS = ("source", "target", "upos", "author", "date")
LONGEST = {"source": 80, "target": 80, "author": 64}  # characters
_SECONDS = 10  # to wait for somebody who writes


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """How a source word or phrase is said as a part of speech ('': as any); `date` is ISO 8601."""

    source: str
    target: str
    upos: str
    author: str
    date: str

    @property
    def entry(self) -> Entry:
        """The same as an entry of a lexicon."""
        return Entry(self.source, self.target, self.upos)


# --- one correction


_UNSEEN = regex.compile(r"[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029\u200b\u2060\ufeff\u00ad]")
_JOINER = "[\u200c\u200d]"
_LONE_JOINER = regex.compile(rf"(?<![\p{{L}}\p{{M}}]){_JOINER}|{_JOINER}(?![\p{{L}}\p{{M}}])")
_UNJOINED = frozenset("Latn Cyrl Grek Armn Geor Hebr Ethi Hani Hans Hant Hang Jpan Kore Thai Laoo".split())
_BRACKET = regex.compile(r"[()\[\]{}<>]")
_EDGE_MARK = regex.compile(r"(?:^|\s)\p{M}")


def make_correction(
    source: str, target: str, upos: str, author: str, language: Language, day: str | None = None, where: str = "your entry"
) -> Correction:
    """What somebody typed, in normal form; raises LowresError with a sentence that helps. `day` is today (UTC) where not given."""
    source, target, author = (" ".join(nfc(text).split()) for text in (source, target, author))
    for name, text in (("source", source), ("target", target), ("author", author)):
        _check_text(text, name, where)
    _check_target(target, language, where)
    if len(source.split()) > MAX_WORDS or _BRACKET.search(source):
        raise LowresError(where, f"the source word '{source}'", f"a word, or a phrase of at most {MAX_WORDS}, without brackets")
    tag, said = parse_upos(upos, where), datetime.now(UTC).date().isoformat() if day is None else day
    return Correction(source=source, target=target, upos=tag, author=author, date=_check_date(said, where))


_NAMES = {"source": "the source word", "target": "the translation", "author": "the author's name"}


def _check_text(text: str, name: str, where: str) -> None:
    if not any(map(str.isalnum, text)):
        raise LowresError(where, f"{_NAMES[name]} is empty", "at least one letter")
    if len(text) > LONGEST[name]:
        raise LowresError(where, f"{_NAMES[name]} has {len(text):,} characters", f"at most {LONGEST[name]}")
    if unseen := _UNSEEN.search(text):
        found = f"the invisible character U+{ord(unseen[0]):04X} in {_NAMES[name]}"
        raise LowresError(where, found, "the words alone, typed rather than pasted")
    if _EDGE_MARK.search(text):
        raise LowresError(where, f"a combining mark without a letter in {_NAMES[name]}", "a letter before every mark")


def _check_target(target: str, language: Language, where: str) -> None:
    """One form, in the language's script, that a lexicon keeps as it stands."""
    if foreign := foreign_letters(target, language.script):
        raise LowresError(where, f"'{foreign[0]}' in '{target}'", f"letters of {language.script}, the script of {language.name}")
    stray = _LONE_JOINER.search(target) or (language.script in _UNJOINED and regex.search(_JOINER, target))
    if stray:
        raise LowresError(where, "an invisible joiner where nothing joins", "the words alone, typed rather than pasted")
    if clean_form(target) != (target,):
        allowed = f"one translation of at most {MAX_WORDS} words, without brackets, lists or a full stop; another one is another entry"
        raise LowresError(where, f"the translation '{target}'", allowed)


def _check_date(day: str, where: str) -> str:
    try:
        return day and date.fromisoformat(day).isoformat()
    except ValueError:
        raise LowresError(where, f"the date '{day[:40]}'", "a day such as 2026-05-31") from None


# --- where they lie


def lexicon_files(iso639_3: str, folder: Path | None = None) -> list[Path]:
    """The language's own lexicon files that are there: the bundled one, then the user's."""
    places = dict.fromkeys([resources_folder() / "languages", _users_folder(folder)])
    return [path for place in places if (path := place / iso639_3 / LEXICON).is_file()]


def file_to_write(iso639_3: str, folder: Path | None = None) -> Path:
    """Where corrections go: beside the bundled card in a checkout that may be written, else beside the user's own card.

    `folder` is the recipe's, or the working folder where there is none.
    """
    bundled = resources_folder() / "languages" / iso639_3
    used = card_path(iso639_3, folder).parent
    path = bundled / LEXICON
    in_checkout = (resources_folder().parent / "pyproject.toml").is_file()
    if used == bundled and in_checkout and all(os.access(one, os.W_OK) for one in (bundled, path) if one.exists()):
        return path
    return _users_folder(folder) / iso639_3 / LEXICON


def _users_folder(folder: Path | None) -> Path:
    """`languages` beside the recipe; in the working folder for one that was installed with lowres, where nobody writes."""
    installed = bundled_folder("recipes")
    in_checkout = (installed.parent / "pyproject.toml").is_file()
    return (Path.cwd() if folder is None or (folder == installed and not in_checkout) else folder) / "languages"


# --- reading


def read_corrections(language: Language, folder: Path | None = None) -> list[Correction]:
    """All corrections of a language, the oldest first; raises LowresError with path:line of a row that is none."""
    return [one for path in lexicon_files(language.iso639_3, folder) for one in read_file(path, language)]


def read_file(path: Path, language: Language) -> Iterator[Correction]:
    """The corrections of one file, as they stand there."""
    return (one for _, one in _numbered(path, language))


def _numbered(path: Path, language: Language) -> Iterator[tuple[int, Correction]]:
    for number, row in _rows(path):
        if row.get("author", "").strip():
            cells = (row.get(name, "") for name in COLUMNS[:4])
            yield number, make_correction(*cells, language, row.get("date", "").strip(), at(path, number))


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    return read_rows(path, COLUMNS[:2], COLUMNS[2:], late=COLUMNS[3:])


def entries_of(corrections: Sequence[Correction]) -> list[Entry]:
    """The entries that `lay_over` asks for: the last that was said comes first."""
    return [one.entry for one in reversed(corrections)]


def digest_of(corrections: Sequence[Correction]) -> str:
    """SHA-256 over what corrections say, in order; who said it, and when, changes no pair."""
    said = "".join(f"{one.source}\t{one.target}\t{one.upos}\n" for one in corrections)
    return hashlib.sha256(said.encode()).hexdigest()


# --- writing


def add_correction(path: Path, correction: Correction) -> None:
    """Append it to the lexicon, which is made where it is not there; all that was there stays, and several may write at once."""
    with _locked(path):
        _append(path, COLUMNS, _cells(correction))


def take_back(correction: Correction, by: str, language: Language, folder: Path | None = None) -> None:
    """Move the correction to `taken_back.tsv` beside the lexicon; raises LowresError where it is not there any more."""
    for path in reversed(lexicon_files(language.iso639_3, folder)):
        with _locked(path):
            found = [number for number, one in _numbered(path, language) if one == correction]
            if found:
                _move(path, found[-1], _cells(correction) | {"by": by, "on": datetime.now(UTC).date().isoformat()})
                return
    where = f"'{correction.source}' → '{correction.target}' of {correction.author}"
    raise LowresError(where, "no such entry", "it may have been taken back already")


def _move(path: Path, number: int, cells: dict[str, str]) -> None:
    # there first: whoever is interrupted between has it twice, never not at all
    _append(path.with_name(TAKEN_BACK), (*COLUMNS, "by", "on"), cells)
    lines = _read(path)
    del lines[number - 1]
    _write(path, lines)


def _cells(correction: Correction) -> dict[str, str]:
    return {name: getattr(correction, name) for name in COLUMNS}


def _append(path: Path, columns: Sequence[str], cells: dict[str, str]) -> None:
    """One row more; columns that the file lacks are added to its header, and to its rows where they may not be missing."""
    lines = _read(path) or ["\t".join(columns)]
    header, at_line = _header(lines)
    missing = [name for name in columns if name not in header]
    header += missing
    lines[at_line] = "\t".join(header)
    empty = "\t" * sum(name not in COLUMNS[3:] for name in missing)
    lines[at_line + 1 :] = [line + empty if line.strip() else line for line in lines[at_line + 1 :]]
    _write(path, [*lines, "\t".join(cells[name] for name in header)])


def _read(path: Path) -> list[str]:
    """The lines of a lexicon, which can be read as such; [] where there is none."""
    if not path.is_file() or not path.stat().st_size:
        return []
    if path.name == LEXICON:
        for _ in _rows(path):
            pass
    text = path.read_bytes().decode("utf-8-sig")
    return [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")]


def _header(lines: Sequence[str]) -> tuple[list[str], int]:
    """The names of the columns, and the line, from 0, that they stand in."""
    number = next(i for i, line in enumerate(lines) if line.strip() and not line.startswith("#"))
    return [name.strip() for name in lines[number].split("\t")], number


def _write(path: Path, lines: Sequence[str]) -> None:
    """The whole file or, where that fails, the old one."""
    path = path.resolve()  # behind a link lies the file that is meant
    partial = path.with_name(f".{path.name}.partial")
    try:
        with open(partial, "w", encoding="utf-8", newline="\n") as file:
            file.write("\n".join(lines) + "\n")
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, partial)
        os.replace(partial, path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise LowresError(path, f"cannot be written ({error.strerror or error})", "a folder with room that may be written") from error


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_name(f".{path.name}.lock"), timeout=_SECONDS):
            yield
    except Timeout:
        raise LowresError(path, "somebody else is writing it", "try again in a moment") from None
    except OSError as error:
        raise LowresError(path, error.strerror or str(error), "a folder that may be written") from error
