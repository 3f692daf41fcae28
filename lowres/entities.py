"""Local names (`entities.tsv` beside a card): people, places, dishes, stations as they are written where people live.

A kind of name fills the slots of its row in `SLOTS`; slot names match without regard to case.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import regex

from lowres.errors import LowresError, at, nearest
from lowres.features import dimension, known_features
from lowres.formats.tables import read_rows
from lowres.language import Language, beside_card
from lowres.morphology import parse_features
from lowres.text import foreign_letters

SLOTS: dict[str, tuple[str, ...]] = {  # kind -> slots of MASSIVE, InjongoIntent, xSID and SNIPS that hold such names
    "person": ("person", "personal_name"),
    "place": ("place_name", "city_or_province", "location", "city", "state"),
    "food": ("food_type", "dish_or_food", "served_dish"),
    "drink": ("drink_type",),
    "holiday": ("event_name", "calendar_event"),
    "artist": ("artist_name", "artist"),
    "song": ("song_name", "track"),
    "genre": ("music_genre", "genre"),
    "radio": ("radio_name",),
    "media": ("media_type",),
    "podcast": ("podcast_name",),
    "book": ("audiobook_name",),
    "film": ("movie_name",),
    "business": ("business_name",),
    "restaurant": ("restaurant_name",),
    "hotel": ("hotel_name",),
    "bank": ("bank_name",),
    "payment": ("payment_company",),
    "transport": ("transport_agency",),
    "app": ("app_name",),
    "language": ("language_name",),
}
NAMES_ONLY = frozenset({"person", "place", "holiday", "media"})  # their slots hold common words too: home, meeting, audiobook
ENTITIES = "entities.tsv"
LONGEST = 80  # characters of a name


@dataclass(frozen=True, slots=True)
class Entity:
    """A name as people write it; `gloss` is English for whoever reads the file, `features` are UniMorph's (gender, class)."""

    kind: str
    name: str
    gloss: str = ""
    features: frozenset[str] = frozenset()


def read_local_names(
    language: Language, folder: Path | None = None, more: Mapping[str, Sequence[str]] | None = None
) -> dict[str, tuple[Entity, ...]]:
    """The names for each casefolded slot name, {} where the language has no file; `more` adds slots to kinds, or kinds."""
    path = beside_card(ENTITIES, language.iso639_3, folder)
    if path is None:
        return {}
    slots = slots_of(more or {})
    by_kind: dict[str, list[Entity]] = defaultdict(list)
    for entity in read_entities(path, language.script, slots):
        by_kind[entity.kind].append(entity)
    return {slot.casefold(): tuple(found) for kind, found in by_kind.items() for slot in slots[kind]}


def slots_of(more: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """`SLOTS` with what a recipe adds."""
    return {kind: (*SLOTS.get(kind, ()), *more.get(kind, ())) for kind in (*SLOTS, *(k for k in more if k not in SLOTS))}


def read_entities(path: Path, script: str, kinds: Iterable[str] = SLOTS) -> list[Entity]:
    """The rows of a file with the columns kind, name and perhaps gloss, features; raises LowresError with path:line."""
    known, seen, found = frozenset(kinds), {}, []
    for number, row in read_rows(path, ("kind", "name"), ("gloss", "features")):
        where, kind, name = at(path, number), row["kind"].strip(), " ".join(row["name"].split())
        if kind not in known:
            raise LowresError(where, f"kind '{kind[:40]}', which fills no slot", nearest(kind[:40], known))
        _check_name(name, script, where)
        if (kind, name) in seen:
            raise LowresError(where, f"the {kind} '{name}' again", f"each once; line {seen[kind, name]} has it")
        seen[kind, name] = number
        features = parse_features(row.get("features", ""))
        if unknown := next((one for one in sorted(features) if not dimension(one)), ""):
            raise LowresError(where, f"no feature '{unknown[:40]}' in UniMorph's schema", nearest(unknown[:40], known_features()))
        found.append(Entity(kind, name, " ".join(row.get("gloss", "").split()), features))
    if not found:
        raise LowresError(path, "no name", "at least one row below the header")
    return found


_LONE_MARK = regex.compile(r"(?:^|\s)\p{M}")


def _check_name(name: str, script: str, where: str) -> None:
    if not name:
        raise LowresError(where, "an empty name", "a name as people there write it")
    if not any(map(str.isalnum, name)):
        raise LowresError(where, f"a name without a letter or digit, {name[:40]!r}", "a name as people there write it")
    if len(name) > LONGEST:
        raise LowresError(where, f"a name of {len(name)} characters", f"at most {LONGEST}")
    if _LONE_MARK.search(name):
        raise LowresError(where, f"a combining mark without a letter in {name!r}", "a letter before every mark")
    if foreign := foreign_letters(name, script):
        raise LowresError(where, f"'{foreign[0]}' in '{name}'", f"letters of {script}, the card's script")


def format_entities(entities: Iterable[Entity], comment: str = "") -> str:
    """The text of a file that `read_entities` reads back; `comment` says where the names are from."""
    lines = [*(f"# {line}" for line in comment.splitlines()), "kind\tname\tgloss\tfeatures"]
    lines += ["\t".join((one.kind, one.name, one.gloss, ";".join(sorted(one.features)))) for one in entities]
    return "\n".join(lines) + "\n"
