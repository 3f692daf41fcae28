"""The words of the interface, in the language that the user chose: English in the source, others in resources/interface/*.po.

A translator edits a catalogue with any editor of gettext files; the next page shows it. `python -m lowres.workbench.catalogues`
brings all catalogues up to date with the source.
"""

from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from lowres.errors import LowresError, one_line
from lowres.resources import resources_folder

SOURCE = "en"
COOKIE_NAME = "lowres_language"


def _(text: str, /, **values: object) -> str:
    """`text` in the chosen language, with its {names} filled in; as it stands where no catalogue has it."""
    return translated(chosen_language(), text, **values)


def in_words(error: LowresError) -> str:
    """What went wrong, in the chosen language as far as it is known there."""
    return one_line(_(error.where), _(error.found), _(error.allowed))


def counted(one: str, many: str, n: int, /, **values: object) -> str:
    """`one` or `many`, as the chosen language counts, with {n} filled in."""
    found = _catalogue(chosen_language()).ngettext(one, many, n)
    return _filled(found, one if n == 1 else many, {"n": f"{n:,}"} | values)


def translated(language: str, text: str, /, **values: object) -> str:
    """`text` in a language of the interface; for what is no page, and knows by itself who asks."""
    return _filled(_catalogue(language).gettext(text) if text else "", text, values)  # gettext("") is a catalogue's head


def _filled(found: str, text: str, values: dict[str, object]) -> str:
    try:
        return found.format(**values) if values else found
    except (LookupError, ValueError, AttributeError):  # a translator's slip is no error of the page's
        return text.format(**values)


def language_name(code: str, language: str) -> str:
    """What a language (ISO 639-3, '*' every one) is called in a language of the interface."""
    if code == "*":
        return translated(language, "every language")
    import langcodes

    return langcodes.get(code).prefer_macrolanguage().display_name(language)  # "Swahili" for swh, not "individual language"


def interface_languages() -> dict[str, str]:
    """Codes and own names of the languages that the interface speaks, English first."""
    folder = catalogues_folder()
    return _named(folder, folder.stat().st_mtime_ns if folder.is_dir() else 0)


@lru_cache(maxsize=8)
def _named(folder: Path, changed: int) -> dict[str, str]:
    from babel import Locale

    codes = (SOURCE, *sorted(path.stem for path in folder.glob("*.po")))
    return {code: (Locale.parse(code).get_display_name(code) or code).capitalize() for code in codes}


@cache
def interface_direction(language: str) -> str:
    """'rtl' or 'ltr', of a language of the interface."""
    from babel import Locale

    return Locale.parse(language).text_direction


def catalogues_folder() -> Path:
    """Where the catalogues are."""
    return resources_folder() / "interface"


def best_language(*wanted: str | None) -> str:
    """The first of the tags that the interface speaks, by its language alone; English where it speaks none."""
    there = interface_languages()
    codes = ((one or "").replace("_", "-").partition("-")[0].lower() for one in wanted)
    return next((code for code in codes if code in there), SOURCE)


def chosen_language() -> str:
    """The language of whoever looks at the page: their choice, else their browser's; English outside of pages."""
    from streamlit.runtime import exists
    from streamlit.runtime.scriptrunner_utils.script_run_context import get_script_run_ctx

    context = get_script_run_ctx(suppress_warning=True)
    if context is None or not exists():
        return SOURCE
    import streamlit as st

    return best_language(st.context.cookies.get(COOKIE_NAME), st.context.locale)


def _catalogue(language: str) -> NullTranslations:
    path = catalogues_folder() / f"{language}.po"
    try:
        return _read_catalogue(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return NullTranslations()


@lru_cache(maxsize=32)
def _read_catalogue(path: Path, changed: int) -> NullTranslations:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.stem)
    binary = BytesIO()
    write_mo(binary, catalogue)
    binary.seek(0)
    return GNUTranslations(binary)
