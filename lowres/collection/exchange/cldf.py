"""CLDF (cldf.clld.org): a Generic data set with an example for each item, valid by pycldf, and what it says of a language.

Columns of CLDF's own are for everybody; what they cannot say stands in ours. No address in a foreign data set is followed.
"""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import regex

from lowres import __version__
from lowres.collection.exchange.item import About, Collected, Missing, language_name, licences_of, title_of
from lowres.collection.exchange.rows import cached_language, is_line, item_of, json_cell, own_columns, parse_cell, rest_of, row_of
from lowres.collection.exchange.writing import whole_folder
from lowres.errors import LowresError, at
from lowres.formats.lines import read_whole
from lowres.formats.records import parse_json
from lowres.language import read_language
from lowres.text import words

METADATA = "Generic-metadata.json"
_FILES = frozenset({METADATA, "examples.csv", "languages.csv", "sources.bib"})
_ITEM, _EXTRA = "Item_ID", "Extra_Fields"
# our fields by column, those that CLDF has no column for
_COLUMNS = {
    key.capitalize(): key
    for key in "intent slots locale orthography partition prompt origin contributor licence status judgments".split()
}
_LISTS = {"slots": list, "judgments": list, "prompt": dict}
# CLDF's columns that others fill in; as they did, in `extra`
_THEIRS = ("Analyzed_Word", "Gloss", "Translated_Text", "LGR_Conformance", "Comment")
_TERMS = ("analyzedWord", "gloss", "translatedText", "lgrConformance", "comment")  # the same in CLDF's ontology
_DESCRIPTIONS = {
    "Slots": "JSON list: name, start and end (code points of Primary_Text in NFC, end excluded), surface, method",
    "Prompt": "JSON object: what the speaker was asked to say; Translated_Text has its text",
    "Judgments": "JSON list: by MASSIVE's scales, intent and slots 0-2, grammar 0-4, spelling 0-2, language 0-2",
    "Partition": "train, dev or test",
    "Contributor": "pseudonym",
    _EXTRA: "JSON object: what has no column",
}
_ID = regex.compile(r"[a-zA-Z0-9_\-]+")
_NAME = regex.compile(r"[a-zA-Z][a-zA-Z0-9_]{0,59}")
_LOCAL = regex.compile(r"[\w\-][\w.\-]*")
_TAKEN = {"ID", _ITEM, "Language_ID", "Primary_Text", "Meta_Language_ID", *_THEIRS, *_COLUMNS, _EXTRA}


def export(items: Sequence[Collected], path: Path, about: About) -> None:
    """Metadata, examples, languages with their codes and, where there are any, sources."""
    from pycldf import Generic

    own = own_columns(items, _NAME, _TAKEN, sparse=True)
    ids = _ids(items)
    with whole_folder(path, _FILES) as folder:
        data = Generic.in_dir(folder)
        data.add_component("LanguageTable")
        custom = [_ITEM, *_COLUMNS, *own, _EXTRA]
        data.add_component("ExampleTable", *({"name": name, "dc:description": _DESCRIPTIONS.get(name, "")} for name in custom))
        _describe(data, items, about)
        examples = [_example(one, name, own) for one, name in zip(items, ids, strict=True)]
        data.write(LanguageTable=_languages(items), ExampleTable=examples)


def _ids(items: Sequence[Collected]) -> list[str]:
    """The items' own where CLDF allows all of them, else numbers."""
    names = [one.id for one in items]
    return names if all(map(_ID.fullmatch, names)) else [str(number) for number in range(1, len(items) + 1)]


def _describe(data: Any, items: Sequence[Collected], about: About) -> None:
    data.properties["dc:title"] = title_of(items, about)
    if licences := licences_of(items):
        data.properties["dc:license"] = licences
    data.add_provenance(wasGeneratedBy=[{"dc:title": "lowres", "dc:description": __version__}])
    if about.sources.strip():
        try:
            data.add_sources(about.sources)
        except (ValueError, KeyError) as error:
            raise LowresError("sources", f"no BibTeX ({error})", "@misc{key, title = {…}}") from None


def _languages(items: Sequence[Collected]) -> list[dict[str, Any]]:
    spoken = {one.language for one in items} | {_prompt_language(one) for one in items}
    return [
        {"ID": code, "Name": language_name(code), "ISO639P3code": code, "Glottocode": _glottocode(code)} for code in sorted(spoken - {None})
    ]


def _glottocode(code: str) -> str | None:
    try:
        return read_language(code).glottocode or None
    except LowresError:
        return None


def _prompt_language(item: Collected) -> str | None:
    try:
        return cached_language(item.prompt.locale) if item.prompt else None
    except LowresError:
        return None


def _example(item: Collected, name: str, own: Sequence[str]) -> dict[str, Any]:
    row, usual = row_of(item), _usual(item)
    theirs = {key: item.extra[key] for key in _THEIRS if _fits(item, key, usual)}
    example = {"ID": name, _ITEM: item.id, "Language_ID": item.language, "Primary_Text": item.reading.text}
    example |= {"Meta_Language_ID": _prompt_language(item)} | usual | theirs
    example |= {column: json_cell(row[key]) if key in _LISTS else row[key] for column, key in _COLUMNS.items()}
    example |= {key: item.extra[key] for key in own if key in item.extra}
    return example | {_EXTRA: json_cell(rest_of(item, (*own, *theirs)))}


def _usual(item: Collected) -> dict[str, Any]:
    """CLDF's columns as we fill them in."""
    asked = regex.sub(r"[\p{Cc}\p{Zl}\p{Zp}]", " ", item.prompt.text) if item.prompt else ""
    nothing = {"Gloss": [], "LGR_Conformance": None, "Comment": None}
    return nothing | {"Analyzed_Word": words(item.reading.text), "Translated_Text": asked or None}


def _fits(item: Collected, key: str, usual: dict[str, Any]) -> bool:
    """Whether `extra` has something for a column of CLDF's that comes back as it is."""
    value = item.extra.get(key)
    if not value or value == usual[key]:
        return False
    if key in ("Analyzed_Word", "Gloss"):
        analyzed = value if key == "Analyzed_Word" else item.extra.get("Analyzed_Word", usual["Analyzed_Word"])
        gloss = value if key == "Gloss" else item.extra.get("Gloss")
        pieces = isinstance(value, list) and all(one and is_line(one) for one in value)
        return pieces and isinstance(analyzed, list) and (not gloss or (isinstance(gloss, list) and len(gloss) == len(analyzed)))
    if key == "LGR_Conformance":
        return value in ("WORD_ALIGNED", "MORPHEME_ALIGNED")
    return is_line(value) and (key == "Comment" or item.prompt is None)


def read(path: Path, missing: Missing) -> Iterator[tuple[str, Collected]]:
    """(`path:line`, item) of the examples of a data set, ours or a foreign one: a folder, or its metadata."""
    metadata = _metadata(path)
    _check_local(metadata)
    try:
        from pycldf import Dataset

        data = Dataset.from_metadata(metadata)
        data.validate()
        if "ExampleTable" not in data:
            raise LowresError(metadata, "no examples", "a data set with CLDF's ExampleTable")
        yield from _examples(data, missing)
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError, OSError, csv.Error) as error:
        reason = f"not valid CLDF ({str(error) or type(error).__name__})"[:300]
        raise LowresError(metadata, reason, "what `cldf validate` accepts") from None


def _metadata(path: Path) -> Path:
    if path.is_file():
        return path
    found = sorted(one for one in path.glob("*metadata.json") if "terms.rdf#" in one.read_text(encoding="utf-8", errors="replace"))
    if len(found) != 1:
        raise LowresError(path, f"{len(found)} files *metadata.json of CLDF", "a folder with one, or the file itself")
    return found[0]


def _check_local(metadata: Path) -> None:
    """Raise LowresError where the metadata name a file outside of their folder, or an address, that would be read."""
    value = parse_json(read_whole(metadata, "utf-8"), metadata)
    tables = value.get("tables") if isinstance(value, dict) else None
    if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
        raise LowresError(metadata, "no list 'tables'", "metadata of CLDF")
    context = value.get("@context")
    bases = [one for one in (context if isinstance(context, list) else [context]) if isinstance(one, dict) and "@base" in one]
    named = [one.get("url") for one in tables] + [value.get("dc:source") or "sources.bib"]
    schemas = [one.get("tableSchema", {}) for one in tables] + [one.get("dialect") or {} for one in (value, *tables)]
    strange = next((one for one in named if not (isinstance(one, str) and _LOCAL.fullmatch(one))), None)
    if bases or "@base" in value or strange is not None or not all(isinstance(one, dict) for one in schemas):
        found = f"something outside of its folder, {strange or '@base, or a schema elsewhere'!r:.80}"
        raise LowresError(metadata, found, "names of files beside it")


def _examples(data: Any, missing: Missing) -> Iterator[tuple[str, Collected]]:
    table = data["ExampleTable"]
    _check_header(data, table)
    named = {data["ExampleTable", term].name: term for term in _terms(data)}
    codes = _codes(data)
    for file, line, row in table.iterdicts(with_metadata=True):
        where = at(Path(str(data.directory)) / Path(str(file)).name, line)
        yield where, _item({named.get(key, key): value for key, value in row.items()}, where, codes, missing)


def _terms(data: Any) -> list[str]:
    """CLDF's properties that the table has a column for, whatever their names there."""
    terms = ("id", "languageReference", "primaryText", "metaLanguageReference", *_TERMS)
    return [term for term in terms if ("ExampleTable", term) in data]


def _check_header(data: Any, table: Any) -> None:
    file = Path(str(data.directory)) / str(table.url)
    if not file.is_file():
        return  # zipped
    header = next(csv.reader([read_whole(file, "utf-8").partition("\n")[0]]), [])
    absent = [column.header for column in table.tableSchema.columns if column.header not in header and not column.virtual]
    if absent:
        raise LowresError(at(file, 1), f"no column '{absent[0]}'", "all columns that the metadata name")


def _codes(data: Any) -> dict[str, str]:
    """ISO 639-3 codes by the data set's own names of languages."""
    if "LanguageTable" not in data:
        return {}
    rows = data.iter_rows("LanguageTable", "id", "iso639P3code")
    return {row["id"]: row["iso639P3code"] for row in rows if row.get("iso639P3code")}


def _item(cells: dict[str, Any], where: str, codes: dict[str, str], missing: Missing) -> Collected:
    name, spoken, text = (cells.pop(term, None) or "" for term in ("id", "languageReference", "primaryText"))
    row: dict[str, Any] = {"id": cells.pop(_ITEM, None) or name, "text": text, "language": codes.get(spoken, spoken)}
    for column, key in _COLUMNS.items():
        cell = cells.pop(column, None)
        row[key] = parse_cell(cell, key, where, _LISTS[key]) if key in _LISTS else cell or ""
    row["prompt"] = row["prompt"] or None
    if not row["locale"]:
        row["locale"] = missing.locale or row["language"]
    kept = parse_cell(cells.pop(_EXTRA, None), _EXTRA, where, dict)
    row = {key: value for key, value in row.items() if value not in ("", None) or key not in ("origin", "status")}
    item = item_of(row, where, missing)
    item.extra.update(_theirs(cells, item, where) | kept)
    return item


def _theirs(cells: dict[str, Any], item: Collected, where: str) -> dict[str, Any]:
    """What a foreign data set, or somebody since, filled in beyond what we do."""
    usual, found = _usual(item), {}
    for key, term in zip(_THEIRS, _TERMS, strict=True):
        value = cells.pop(term, usual[key])
        if value != usual[key]:
            found[key] = value
    if item.prompt and "Translated_Text" in found:
        raise LowresError(where, "Translated_Text: not the text of Prompt", "one of both changed as the other")
    asked = cells.pop("metaLanguageReference", None)
    rest = {"Meta_Language_ID": asked if asked != _prompt_language(item) else None} | cells
    return found | {key: _json(value) for key, value in rest.items() if value not in (None, "", [])}


def _json(value: Any) -> Any:
    """A cell as JSON has it; dates, numbers of any length and addresses are text."""
    if isinstance(value, list | tuple):
        return [_json(one) for one in value]
    return value if isinstance(value, str | int | float | bool | dict | None) else str(value)
