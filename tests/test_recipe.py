"""Recipes: everything wrong with one is a line that names file, line and key; every bundled one reads."""

import json
import re
from pathlib import Path

import jsonschema
import pytest

from lowres.errors import LowresError
from lowres.recipe import Recipe, read_recipe, recipe_schema, references
from lowres.resources import bundled_folder
from lowres.settings import format_yaml, read_document

BUNDLED = sorted(bundled_folder("recipes").glob("*.yaml"))
REFERENCE = "{path: lexicon.tsv, format: table, licence: CC0-1.0}"


def write(folder: Path, old: str, new: str, name: str = "toy.yaml") -> tuple[Path, int]:
    """A copy of the toy's recipe with `old` replaced, and the line on which that stands."""
    text = (folder / "toy.yaml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    return folder / name, text[: text.index(old)].count("\n") + 1


@pytest.fixture
def toy(toy):
    (toy / "tiny").mkdir()
    return toy


@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.stem)
def test_every_bundled_recipe_reads(path):
    file = read_recipe(path)
    assert file.recipe.name == path.stem and file.locale
    jsonschema.validate(read_document(path).value, recipe_schema())


@pytest.mark.parametrize("name", ["swh-demo", "swh-demo.yaml", "recipes/swh-demo.yaml"])
def test_a_bundled_recipe_is_found_by_name(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert read_recipe(name).path == bundled_folder("recipes") / "swh-demo.yaml"


def test_a_recipe_of_the_users_own_comes_first(toy, monkeypatch):
    monkeypatch.chdir(toy)
    (toy / "toy.yaml").rename(toy / "swh-demo.yaml")
    write_name = (toy / "swh-demo.yaml").read_text(encoding="utf-8").replace("name: toy", "name: swh-demo")
    (toy / "swh-demo.yaml").write_text(write_name, encoding="utf-8")
    assert read_recipe("swh-demo.yaml").recipe.language == "qaa"


@pytest.mark.parametrize(
    ("old", "new", "found", "allowed"),
    [
        ("name: toy", "name: toi", "name: 'toi'", "the file's stem, 'toy'"),
        ("name: toy", "name: Toy!", "name: 'Toy!'", ""),
        ("version: 1.0.0", "version: one", "version: 'one'", ""),
        ("version: 1.0.0", "versoin: 1.0.0", "unknown key 'versoin'", "did you mean 'version'?"),
        ("language: qaa", "language: qab", "language: no card (qab)", "did you mean 'qaa'? or run: lowres new qab"),
        ("language: qaa", "language: zzz", "language: no such language code (zzz)", ""),
        ("language: qaa", "language: swa", "language: a macrolanguage, it covers swc, swh (swa)", "one of these"),
        ("language: qaa", "language: [qaa]", "language: ['qaa']", "string"),
        ("variants: 2", "variants: two", "synthesize.variants: 'two'", "integer"),
        ("variants: 2", "variants: 0", "synthesize.variants: 0", "greater than or equal to 1"),
        ("variants: 2", "varaints: 2", "unknown key 'synthesize.varaints'", "did you mean 'variants'?"),
        ("variants: 2", "variants: 2\n  variants: 3", "synthesize.variants: written twice", "each key once"),
        ("min_coverage: 0.3", "min_coverage: 30", "synthesize.min_coverage: 30", "less than or equal to 1"),
        ("min_coverage: 0.3", "min_coverage: .nan", "synthesize.min_coverage: nan", ""),
        ("learning_rate: 1e-3", "learning_rate: fast", "adapt.learning_rate: 'fast'", "number"),
        ("base: tiny", "base: lowres-minni", "no base 'lowres-minni'", "did you mean 'lowres-mini'?"),
        ("look_up, drop", "lookup, drop", "no rule 'lookup'", "did you mean 'look_up'?"),
        ("qaa.polite", "qaa.polit", "no rule 'qaa.polit'", "did you mean 'qaa.polite'?"),
        ("qaa.polite", "qab.polite", "no rule 'qab.polite'", ""),
        (REFERENCE, "unimorph-swc", "'unimorph-swc' holds paradigms", "a data set of kind lexicon"),
        (REFERENCE, "freedict-eng-swhh", "no data set 'freedict-eng-swhh'", "did you mean 'freedict-eng-swh'?"),
        (
            REFERENCE,
            "{path: lexicon.tsv, format: table}",
            "resources.lexicons[0]: path needs format and licence beside it",
            "",
        ),
        (REFERENCE, "{path: lexicon.tsv, dataset: massive}", "resources.lexicons[0]: either dataset or path", ""),
        (
            REFERENCE,
            "{path: lexikon.tsv, format: table, licence: CC0-1.0}",
            "no file 'lexikon.tsv'",
            "relative to the recipe",
        ),
        (
            REFERENCE,
            "{path: lexicon.tsv, format: tabel, licence: CC0-1.0}",
            "no format 'tabel' for lexicons",
            "did you mean 'table'?",
        ),
        (REFERENCE, "{path: lexicon.tsv, format: massive, licence: CC0-1.0}", "no format 'massive' for lexicons", ""),
        (
            "{path: qaa.tsv, format: table, licence: CC0-1.0, locale: qaa, partition: test}",
            "{dataset: massive, locale: sw-KN, partition: test}",
            "no locale 'sw-KN' in 'massive'",
            "did you mean 'sw-KE'?",
        ),
        (
            "{path: qaa.tsv, format: table, licence: CC0-1.0, locale: qaa, partition: test}",
            "{dataset: xsid, locale: kk, partition: train}",
            "no partition 'train' in 'xsid'",
            "allowed: dev, test",
        ),
        ("name: toy\n", "- name: toy\n", "", ""),
        ("language: qaa", "language: &a qaa", "language: an anchor or alias", "every value written out"),
        ("language: qaa", "language: !!python/name:os.system qaa", "", ""),
        ("language: qaa", "language: 'qaa", "not YAML", ""),
    ],
)
def test_a_mistake_is_one_line_with_file_line_and_what_is_allowed(toy, old, new, found, allowed):
    path, line = write(toy, old, new)
    with pytest.raises(LowresError) as caught:
        read_recipe(path)
    said = str(caught.value)
    assert "\n" not in said and found in said and allowed in said
    place = re.match(rf"{re.escape(str(path))}:(\d+): ", said)
    assert place and (int(place[1]) - line in (0, 1) or not found or found == "not YAML"), said


def test_a_tagger_that_is_not_there_is_named_with_its_line(toy):
    path, line = write(toy, "language: qaa\n", "source_tagger: nowhere\nlanguage: qaa\n")
    with pytest.raises(LowresError, match=rf"toy\.yaml:{line}: no tagger in 'nowhere'; a folder that `lowres tagger` wrote"):
        read_recipe(path)


@pytest.mark.parametrize("key", ["name", "language", "source", "synthesize"])
def test_a_missing_key_is_named(toy, key):
    values = {name: value for name, value in read_document(toy / "toy.yaml").value.items() if name != key}
    (toy / "toy.yaml").write_text(format_yaml(values), encoding="utf-8")
    with pytest.raises(LowresError, match=rf"toy\.yaml:1: file: the key '{key}' is missing"):
        read_recipe(toy / "toy.yaml")


@pytest.mark.parametrize(
    "data", [b"", b"\0", b"\xff\xfe", b"- a\n", b"name", b"{", b"name: toy\n  x: 1\n", b"\t", b"name: toy\r\n"]
)
def test_what_is_no_recipe_is_one_line(toy, data):
    (toy / "toy.yaml").write_bytes(data)
    with pytest.raises(LowresError) as caught:
        read_recipe(toy / "toy.yaml")
    assert "\n" not in str(caught.value) and str(toy / "toy.yaml") in str(caught.value)


def test_a_recipe_that_is_not_there_names_its_neighbour(toy):
    with pytest.raises(LowresError, match=r"toi\.yaml: no such file; did you mean 'toy\.yaml'\?"):
        read_recipe(toy / "toi.yaml")


def test_bom_and_cr_are_read_as_if_they_were_not_there(toy):
    expected = read_recipe(toy / "toy.yaml").recipe
    text = (toy / "toy.yaml").read_text(encoding="utf-8").replace("\n", "\r\n")
    (toy / "toy.yaml").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert read_recipe(toy / "toy.yaml").recipe == expected


def test_the_locale_is_the_tests_or_the_cards(toy):
    assert read_recipe(toy / "toy.yaml").locale == "qaa"
    edit = (toy / "toy.yaml").read_text(encoding="utf-8")
    (toy / "toy.yaml").write_text(edit.replace("locale: qaa", "locale: qaa-Latn"), encoding="utf-8")
    assert read_recipe(toy / "toy.yaml").locale == "qaa-Latn"
    head = edit[: edit.index("evaluate:")]
    (toy / "toy.yaml").write_text(head, encoding="utf-8")
    assert read_recipe(toy / "toy.yaml").locale == "qaa"  # the card beside the recipe, wherever lowres runs


def test_rules_that_cannot_be_imported_are_told(toy):
    (toy / "qaa.py").write_text("import nothing_of_this_name\n")
    with pytest.raises(LowresError, match=r"qaa\.py: ModuleNotFoundError: .*; a Python file that can be imported"):
        read_recipe(toy / "toy.yaml")


def test_every_reference_has_a_key_with_a_line(toy):
    file = read_recipe(toy / "toy.yaml")
    found = {key: file.document.where(*key) for key, _ in references(file.recipe)}
    lines = (toy / "toy.yaml").read_text(encoding="utf-8").splitlines()
    assert len(found) == 5 and all("path:" in lines[int(where.rpartition(":")[2]) - 1] for where in found.values())


# --- the schema


def test_the_schema_is_a_valid_one():
    jsonschema.Draft202012Validator.check_schema(recipe_schema())
    assert json.loads(json.dumps(recipe_schema())) == recipe_schema()


@pytest.mark.parametrize(
    "change",
    [
        {"versoin": "1"},
        {"version": "one"},
        {"name": "Not This"},
        {"synthesize": {}},
        {"adapt": {"epochs": 0}},
        {"source": 3},
        {"publish": {"licence": "mine"}},
    ],
)
def test_the_schema_refuses_a_wrong_recipe(toy, change):
    good = read_document(toy / "toy.yaml").value
    jsonschema.validate(good, recipe_schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(good | change, recipe_schema())


def test_every_setting_is_described_or_speaks_for_itself():
    plain = {
        "r",
        "alpha",
        "dropout",
        "version",
        "resources",
        "synthesize",
        "adapt",
        "publish",
        "lora",
        "epochs",
        "batch_size",
        "learning_rate",
        "seed",
    }
    schema = recipe_schema()
    parts = [schema, *schema["$defs"].values()]
    bare = {name for part in parts for name, value in part.get("properties", {}).items() if "description" not in value}
    assert bare <= plain and all(part.get("description") for part in parts)
    assert set(Recipe.model_fields) == set(schema["properties"])
