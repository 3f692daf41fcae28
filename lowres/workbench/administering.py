"""An admin's work on collections: settings asked for, exports as one download, files put in."""

import io
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from lowres.catalog import Reference
from lowres.collection.book import Book
from lowres.collection.events import Opened
from lowres.collection.exchange import SUFFIXES, About, Missing, export_items, import_items
from lowres.collection.snapshot import collected, find_collection
from lowres.collection.state import Status
from lowres.errors import LowresError
from lowres.language import Language, read_language
from lowres.resources import resources_folder
from lowres.stages.collections import add_items
from lowres.workbench import room
from lowres.workbench.wording import _

PARTS = ("train", "dev", "test")


def known_languages() -> list[Language]:
    """The languages that have a card, by name; English, of which prompts are, aside."""
    cards = sorted((resources_folder() / "languages").glob("*/card.yaml"))
    found = [read_language(path.parent.name) for path in cards if path.parent.name != "eng"]
    return sorted(found, key=lambda one: one.name)


def prompt_choices(kept: Reference | None) -> dict[str, Reference]:
    """What prompts may come from: the demo, MASSIVE's English where it is on this machine, and what is chosen already."""
    from lowres.workbench.runs import is_local

    massive = [Reference(dataset="massive", locale="en-US", partition=part) for part in PARTS]
    found = {"demo": room.DEMO} | {f"massive en-US {one.partition}": one for one in massive if is_local(one)}
    if kept and kept not in found.values():
        found[kept.dataset or kept.path or ""] = kept
    return found


def settings_of(opened: Opened | None, language: Language) -> dict:
    """The settings that a form asks for; `opened` is what they are now."""
    choices = prompt_choices(opened.prompts if opened else None)
    now = next((name for name, one in choices.items() if opened and one == opened.prompts), "demo")
    chosen = st.selectbox(_("Prompts"), list(choices), index=list(choices).index(now))
    locale = st.text_input(
        _("Locale (BCP 47), empty for the language alone"), opened.locale if opened else "", max_chars=64, placeholder="sw-KE"
    )
    overlap = st.number_input(_("Judgments of each item"), 1, 9, opened.overlap if opened else 3)
    shares = st.columns(2)
    train = shares[0].number_input(_("Share for training"), 0.0, 1.0, opened.train_share if opened else 0.0, 0.1)
    dev = shares[1].number_input(_("Share for choosing (dev)"), 0.0, 1.0, opened.dev_share if opened else 0.0, 0.1)
    variants = st.text_input(_("Varieties and orthographies, BCP 47 tags with spaces"), " ".join(opened.variants) if opened else "")
    licence = st.text_input(_("Licence (SPDX)"), opened.licence if opened else room.LICENCE, max_chars=100)
    consent = st.text_area(_("What contributors agree to"), opened.consent if opened else room.CONSENT, max_chars=4000)
    return {"prompts": choices[chosen], "locale": locale.strip(), "overlap": int(overlap), "train_share": train, "dev_share": dev,
            "variants": tuple(variants.split()), "licence": licence.strip(), "consent": consent.strip()}  # fmt: skip


def opened_from(settings: dict, *, person: str, collection: str, title: str, language: Language) -> Opened:
    """The event of a form; LowresError says which field is wrong."""
    from pydantic import ValidationError

    locale = settings["locale"] or language.bcp47
    if room.language_of(locale).iso639_3 != language.iso639_3:
        raise LowresError(_("Locale"), locale, _("a tag of {language}", language=language.name))
    if settings["train_share"] + settings["dev_share"] > 1:
        raise LowresError(_("shares"), f"{settings['train_share']} + {settings['dev_share']}", _("1 at most together"))
    try:
        fields = settings | {"locale": locale, "title": title.strip() or collection}
        return Opened(person=person, collection=collection, language=language.iso639_3, **fields)
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        raise LowresError(".".join(map(str, detail["loc"])), str(detail.get("input"))[:60], detail["msg"]) from None


def exported(book: Book, name: str, format: str, statuses: Sequence[Status]) -> tuple[str, bytes]:
    """File name and bytes of an export; a folder comes as a zip."""
    with book.reading() as state:
        opened, items = find_collection(state, name), collected(state, name, statuses)
    if not items:
        raise LowresError(name, _("no such item yet"), _("other statuses, or more judgments"))
    with tempfile.TemporaryDirectory() as work:
        path = Path(work) / f"{name}{SUFFIXES[format]}"
        export_items(items, path, format, About(title=opened.title))
        return (path.name, path.read_bytes()) if path.is_file() else (f"{name}-{format}.zip", _zipped(path))


def _zipped(folder: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder.parent))
    return packed.getvalue()


def imported(book: Book, name: str, path: Path, format: str, part: str, person: str) -> int:
    """Put a file's items into a collection, all or none; returns how many. `part` is for those of which the file does not say."""
    with book.reading() as state:
        opened, joined = find_collection(state, name), state.people.get(person)
    found = import_items(path, format, Missing(locale=opened.locale, partition=part, licence=opened.licence))
    add_items(book, name, found, joined.pseudonym if joined else person)
    return len(found)
