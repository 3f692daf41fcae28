"""The interface's words: every text can be translated, every catalogue is whole, and a choice of language is kept."""

import ast
import shutil
from pathlib import Path

import pytest

from lowres.errors import LowresError
from lowres.workbench import wording
from lowres.workbench.catalogues import find_wording, is_translated, read_catalogue, update_catalogues, wrong_names
from lowres.workbench.wording import (
    best_language,
    catalogues_folder,
    counted,
    in_words,
    interface_direction,
    interface_languages,
    translated,
)
from tests.apps.chromium import see

CATALOGUES = sorted(catalogues_folder().glob("*.po"))
ROOT = Path(__file__).resolve().parents[2]
SOURCES = [*sorted((ROOT / "apps").glob("*.py")), *sorted((ROOT / "lowres" / "workbench").glob("*.py"))]
# What people read of Streamlit's: its first argument is a text.
SHOWN = set(
    "title header subheader caption write markdown info warning error success toast button form_submit_button download_button selectbox "
    "multiselect text_input text_area number_input slider checkbox toggle radio expander popover tab file_uploader spinner "
    "segmented_control pills".split()
)


@pytest.fixture(scope="module")
def said():
    return find_wording()


# --- what is said


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_every_text_goes_through_the_catalogues(path):
    """No widget has a text of its own, and no f-string is asked for in a catalogue, where it can never be."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        first, name = node.args[0], getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name in ("_", "counted") and isinstance(first, ast.JoinedStr):
            found.append((node.lineno, ast.unparse(first)))
        if name in SHOWN and isinstance(node.func, ast.Attribute) and _says(first):
            found.append((node.lineno, ast.unparse(first)))
    assert found == []


def _says(node: ast.expr) -> bool:
    """Whether a literal has words outside of its values."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    texts = (str(one.value).replace("-badge[", "") for one in parts if isinstance(one, ast.Constant))
    return any(any(map(str.isalpha, text)) for text in texts)


def test_sentences_are_found_with_their_places(said):
    assert "Come in" in said and "it has expired" in said and "contributor" in said and "People" in said
    assert [path for path, _ in said["Come in"].locations] == ["lowres/workbench/access.py", "lowres/workbench/doors.py"]


# --- catalogues


def test_the_interface_speaks_four_languages_at_least():
    assert {"en": "English", "sw": "Kiswahili", "fr": "Français", "es": "Español"}.items() <= interface_languages().items()


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_a_catalogue_has_every_sentence_and_its_names(path, said):
    catalogue = read_catalogue(path)
    assert {str(one.id) for one in said if one.id} - {str(one.id) for one in catalogue} == set(), "make wording"
    assert {str(one.id) for one in catalogue} - {str(one.id) for one in said if one.id} - {""} == set(), "make wording"
    assert [one.id for one in catalogue if one.id and not is_translated(one.string)] == []
    assert wrong_names(catalogue) == []
    assert [one.id for one in catalogue if one.fuzzy and one.id] == []


def test_a_name_that_is_wrong_is_found(tmp_path):
    path = tmp_path / "fr.po"
    path.write_text('msgid "{n} of {total}"\nmsgstr "{n} de {tout}"\n\nmsgid "a {b}"\nmsgstr "un {b"\n', encoding="utf-8")
    assert wrong_names(read_catalogue(path)) == ["{n} of {total}", "a {b}"]


def test_catalogues_are_brought_up_to_date_and_keep_what_was_translated(tmp_path):
    for path in CATALOGUES:
        shutil.copy(path, tmp_path)
    old = read_catalogue(tmp_path / "fr.po")
    old.add("nobody says this any longer", "plus personne ne dit cela")
    del old[next(one.id for one in old if one.id and one.id != "Come in")]
    from babel.messages.pofile import write_po

    with (tmp_path / "fr.po").open("wb") as file:
        write_po(file, old)
    lacking = update_catalogues(tmp_path)
    assert lacking["fr"] == lacking["es"] + 1
    new = read_catalogue(tmp_path / "fr.po")
    assert new["Come in"].string == old["Come in"].string and "nobody says this any longer" not in new


# --- saying it


@pytest.fixture
def catalogue(tmp_path, monkeypatch):
    """`catalogue(text)` makes French of a .po file."""
    monkeypatch.setattr(wording, "catalogues_folder", lambda: tmp_path)

    def write(text: str) -> None:
        head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n'
        (tmp_path / "fr.po").write_text(head + text, encoding="utf-8")

    return write


def test_a_catalogue_is_read_again_when_a_translator_has_changed_it(catalogue, tmp_path):
    catalogue('msgid "Save"\nmsgstr "Garder"\n')
    assert translated("fr", "Save") == "Garder" and translated("xx", "Save") == "Save"
    catalogue('msgid "Save"\nmsgstr "Enregistrer"\n')
    assert translated("fr", "Save") == "Enregistrer"


def test_a_translators_slip_shows_the_english(catalogue):
    catalogue('msgid "{n} words"\nmsgstr "{m} mots"\n\nmsgid "a {b}"\nmsgstr "un {b"\n')
    assert translated("fr", "{n} words", n=3) == "3 words" and translated("fr", "a {b}", b="c") == "a c"


def test_languages_count_their_own_way(catalogue, monkeypatch):
    catalogue('msgid "{n} word"\nmsgid_plural "{n} words"\nmsgstr[0] "{n} mot"\nmsgstr[1] "{n} mots"\n')
    assert [counted("{n} word", "{n} words", n) for n in (0, 1, 2000)] == ["0 words", "1 word", "2,000 words"]
    monkeypatch.setattr(wording, "chosen_language", lambda: "fr")
    assert [counted("{n} word", "{n} words", n) for n in (0, 1, 2)] == ["0 mot", "1 mot", "2 mots"]


def test_what_went_wrong_is_said_in_the_chosen_language(catalogue, monkeypatch):
    catalogue('msgid "item"\nmsgstr "élément"\n\nmsgid "it is your own"\nmsgstr "il est de vous"\n')
    monkeypatch.setattr(wording, "chosen_language", lambda: "fr")
    assert in_words(LowresError("item", "it is your own", "another")) == "élément: il est de vous; another"
    assert in_words(LowresError("", "x\x00{y}")) == ": x\\x00{y}", "no head of a catalogue, nothing that drives a terminal"


def test_what_acts_say_can_be_translated(said):
    assert "it is your own" in said and "you have no such role" in said


def test_values_are_never_read_as_patterns():
    assert translated("en", "say {text}", text="{0} {x}") == "say {0} {x}"


@pytest.mark.parametrize(
    ("wanted", "best"),
    [(("fr-CA",), "fr"), (("xx", "sw_KE"), "sw"), ((None, "ES"), "es"), ((), "en"), (("../fr",), "en"), (("",), "en"), (("*", "de"), "en")],
)
def test_the_best_language_of_those_that_are_wanted(wanted, best):
    assert best_language(*wanted) == best


def test_directions():
    assert interface_direction("sw") == "ltr" and interface_direction("ur") == "rtl"


# --- in the browser


def test_the_browsers_language_is_spoken_until_another_is_chosen(workbench, page_at):
    page = page_at(f"{workbench.url}/people", locale="fr-CA")
    see(page, translated("fr", "Who takes part"))
    page.wait_for_function("document.documentElement.lang === 'fr'")
    page.get_by_role("link", name="Kiswahili").click()
    see(page, translated("sw", "Who takes part"))
    assert page.url == f"{workbench.url}/people"
    page.reload()
    see(page, translated("sw", "Who takes part"))
    page.goto(f"{workbench.url}/judge")
    see(page, translated("sw", "Judge"))
    page.wait_for_function("document.documentElement.lang === 'sw'")


def test_a_door_speaks_it_too(workbench, page_at):
    page = page_at(f"{workbench.url}/enter?token=x", locale="es-MX")
    see(page, translated("es", "That did not work"))
    assert page.evaluate("document.documentElement.lang") == "es"
