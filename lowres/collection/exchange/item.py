"""An item as it is exported, what an export says of the whole, and what an import takes where a file says nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from lowres.collection.events import Judged, Origin, Partition, Prompt, Reading
from lowres.errors import LowresError
from lowres.language import read_language
from lowres.utterance import Utterance

Status = Literal["open", "disputed", "accepted", "corrected", "rejected"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """One item: `reading` as it stands after all decisions, `contributor` by pseudonym, `language` by ISO 639-3.

    `extra` holds JSON values by name: what a foreign file said beyond our fields, written back wherever a format can.
    """

    id: str
    reading: Reading
    locale: str
    language: str
    orthography: str = ""
    partition: Partition
    prompt: Prompt | None = None
    origin: Origin = "collected"
    contributor: str = ""
    licence: str = ""
    judgments: tuple[Judged, ...] = ()
    status: Status = "open"
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What folders say of the whole: `title`, and BibTeX of the `sources` (such as the data set of the prompts)."""

    title: str = ""
    sources: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What is taken where a file says nothing: '' is refused, but of the licence."""

    locale: str = ""
    partition: str = ""
    licence: str = ""


def utterances(items: Iterable[Collected]) -> list[Utterance]:
    """The items as utterances, with their `extra`."""
    return [replace(one.reading.utterance(one.id, one.locale, one.partition), extra=one.extra) for one in items]


def title_of(items: Iterable[Collected], about: About) -> str:
    """What a folder is called: as `about` says, else by its languages."""
    names = sorted(map(language_name, {one.language for one in items}))
    return about.title or f"Utterances in {', '.join(names) or 'no language yet'}"


def language_name(code: str) -> str:
    """The name on a language's card; the code itself where it has none."""
    try:
        return read_language(code).name
    except LowresError:
        return code


def licences_of(items: Iterable[Collected]) -> str:
    """The licences of items, one after another."""
    return ", ".join(sorted({one.licence for one in items if one.licence}))
