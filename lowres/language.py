"""Language: a card with codes, names, script and typology; and which language a locale tag means."""

import dataclasses
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from lowres.dial import Dial, check_dial
from lowres.errors import LowresError, nearest
from lowres.features import dimension, dimensions, known_features
from lowres.resources import resources_folder
from lowres.settings import Document, read_document, validate

WordOrder = Literal["SVO", "SOV", "VSO", "VOS", "OVS", "OSV"]
Side = Literal["before", "after"]
Direction = Literal["ltr", "rtl"]
_CARD = "card.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typology:
    """Basic order in the clause and the noun phrase; each side is relative to the noun."""

    word_order: WordOrder
    adjective: Side
    possessor: Side
    adposition: Literal["preposition", "postposition"]
    numeral: Side
    demonstrative: Side = "before"
    possessive: Side | None = None  # "my": where not said, as a possessor
    question: Literal["first", "before verb"] | None = None  # where not said, before a verb that is last
    oblique: Literal["before object", "after object"] | None = None  # where not said, before it where the verb is last


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What English features are in the language, as UniMorph features; None: what the table suggests, "": nothing.

    Prepositions map to a case that stands instead of them, or beside those in `keep`.
    """

    prepositions: dict[str, str] = field(default_factory=dict)
    keep: tuple[str, ...] = ()
    governed: str | None = None  # the case beside any other preposition or postposition
    object: str | None = None
    definite_object: str | None = None  # where not said, as `object`
    possessor: str | None = None
    counted: str | None = None  # the number beside a numeral: SG in Turkish
    imperative: str | None = None  # features of a command, such as IMP;2;SG
    infinitive: str | None = None
    present: str | None = None
    past: str | None = None
    future: str | None = None
    progressive: str | None = None
    perfect: str | None = None
    negation: str | None = None
    politeness: str | None = None  # added to what is said to "you": FORM
    possessive: Literal["affix", "word"] | None = None  # "my" as PSS1S on the noun; None: where the table has it
    agree: dict[str, tuple[str, ...]] | None = None  # part of speech -> dimensions taken from its noun


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One individual language. `script` is ISO 15924; `bcp47` a tag without a region; `glottocode` may be ''.

    `clock` says how the time is told, for the rule of that name.
    """

    iso639_3: str
    bcp47: str
    glottocode: str = ""
    names: dict[str, str]  # 'english' and 'endonym'
    script: str
    direction: Direction
    typology: Typology
    features: Features = field(default_factory=Features)
    clock: Dial | None = None

    @property
    def name(self) -> str:
        """The English name."""
        return self.names["english"]


def read_language(code: str, folder: Path | None = None) -> Language:
    """The card of a language given by ISO 639-3 code or locale tag.

    A card in `languages/<iso639-3>/` of `folder` (else of the working folder) comes before the bundled one.
    """
    return read_card(card_path(language_of_locale(code), folder))


def read_card(path: Path) -> Language:
    """The card at `path`, in a folder named by its ISO 639-3 code; raises LowresError with path:line."""
    document = read_document(path)
    language = validate(Language, document)
    _check(language, document)
    _check_features(language, document)
    return language


def read_copied_card(path: Path) -> Language:
    """A card that a run or a package carries beside its results, under any name."""
    return validate(Language, read_document(path))


def card_path(iso639_3: str, folder: Path | None = None) -> Path:
    """The user's card of a language, else the bundled one."""
    if path := _card(iso639_3, folder):
        return path
    known = {path.parent.name for languages in _card_folders(folder) for path in languages.glob(f"*/{_CARD}")}
    raise LowresError(f"language {iso639_3}", "no card", f"{nearest(iso639_3, known)} or run: lowres new {iso639_3}")


def _card(iso639_3: str, folder: Path | None) -> Path | None:
    return next((path for one in _card_folders(folder) if (path := one / iso639_3 / _CARD).is_file()), None)


def _card_folders(folder: Path | None) -> list[Path]:
    return [(folder or Path.cwd()) / "languages", resources_folder() / "languages"]


def beside_card(name: str, iso639_3: str, folder: Path | None = None) -> Path | None:
    """The user's file `name` of a language, else the one beside the card that is used; None where neither is.

    A card of the user's own, perhaps in another script, does not bring the bundled files.
    """
    card, own = _card(iso639_3, folder), _card_folders(folder)[0] / iso639_3
    return next((path for home in (own, card and card.parent) if home and (path := home / name).is_file()), None)


def read_letters(iso639_3: str, folder: Path | None = None) -> dict[str, str]:
    """Source letters -> the language's own, from `letters.tsv` beside its card; {} where there is none."""
    from lowres.formats.lines import read_numbered

    path = beside_card("letters.tsv", iso639_3, folder)
    found: dict[str, str] = {}
    for number, line in read_numbered(path) if path else ():
        source, tab, target = line.partition("\t")
        if not tab or not source.strip("^$"):
            raise LowresError(f"{path}:{number}", f"{line[:40]!r}", "source letters, a tab, target letters")
        found[source] = target
    return found


def format_card(language: Language) -> str:
    """The YAML of a card; `read_card` is its inverse."""
    from lowres.settings import format_yaml

    values = {key: value for key, value in dataclasses.asdict(language).items() if value is not None}
    for part, kind in (("typology", Typology), ("features", Features)):
        values[part] = {key: value for key, value in values[part].items() if value != _default(kind, key)}
    if not values["features"]:
        del values["features"]
    return format_yaml(values, f"{language.name}: codes, script and word order.")


def _default(kind: type, key: str) -> Any:
    found = kind.__dataclass_fields__[key]
    return found.default_factory() if found.default_factory is not dataclasses.MISSING else found.default


def language_of_locale(tag: str) -> str:
    """The ISO 639-3 code of the individual language that a locale tag means: swh for sw-KE.

    Three letters are taken as ISO 639-3, where a macrolanguage such as swa is an error that names its languages.
    """
    code, region = _parse(tag)
    macro = macrolanguages().get(code)
    if macro is None:
        return code
    written = re.split("[-_]", tag)[0]
    chosen = macro.get("regions", {}).get(region) or macro.get("usual")
    if chosen and len(written) == 2:
        return chosen
    members = ", ".join(macro["members"])
    usual = f"; most data under this name is {macro['usual']}" if "usual" in macro else ""
    raise LowresError(f"language {tag}", f"a macrolanguage, it covers {members}", f"one of these{usual}")


def _parse(tag: str) -> tuple[str, str]:
    """(ISO 639-3 code, region or '') of a tag that exists."""
    import langcodes

    try:
        language = langcodes.Language.get(tag, normalize=False)
        code = language.to_alpha3() if language.language else ""
        # `is_valid` covers every subtag against the registry of BCP 47
        if code and (language.is_valid() or langcodes.Language.get(tag).is_valid()):
            return code, language.territory or ""
    except (LookupError, ValueError):
        pass
    raise LowresError(f"language {tag}", "no such language code", _suggestion(tag))


def _suggestion(tag: str) -> str:
    import langcodes

    try:
        if tag.isprintable():  # the name index of langcodes fails on control characters
            return f"did you mean '{langcodes.find(tag).to_alpha3()}'?"
    except (LookupError, ValueError):
        pass
    return "an ISO 639-3 code (swh) or a BCP 47 tag (sw-KE)"


@cache
def macrolanguages() -> dict[str, dict[str, Any]]:
    """ISO 639-3 code of a macrolanguage -> members, and the usual member meant by a two-letter tag, by region."""
    return read_document(resources_folder() / "languages" / "macrolanguages.yaml").value


def _check(language: Language, document: Document) -> None:
    """Raise LowresError where a code does not exist or two of them disagree."""
    checks = {
        "iso639_3": (_language_problem(language.iso639_3, language.iso639_3), "an individual language"),
        "bcp47": (_language_problem(language.bcp47, language.iso639_3), f"the tag of {language.iso639_3}"),
        "script": (_script_problem(language.script), "an ISO 15924 code such as Latn"),
        "glottocode": (_glottocode_problem(language.glottocode), "such as swah1253, or '' where there is none"),
        "names": ("" if language.names.get("english") else "no English name", "english: and endonym:"),
    }
    for key, (problem, allowed) in checks.items():
        if problem:
            raise LowresError(document.where(key), f"{key}: {problem}", allowed)
    unknown = next((key for key in language.names if key not in ("english", "endonym")), None)
    if unknown is not None:
        raise LowresError(document.where("names", unknown), f"unknown key 'names.{unknown}'",
                          nearest(unknown, ("english", "endonym")))
    if language.clock:
        check_dial(language.clock, document)
    if document.path.parent.name != language.iso639_3:
        where = document.where("iso639_3")
        raise LowresError(where, f"iso639_3: {language.iso639_3} in a folder {document.path.parent.name}", "its code")


_OTHERS = frozenset({"prepositions", "keep", "agree", "possessive"})  # of `features`, the keys that are no bundle


def _check_features(language: Language, document: Document) -> None:
    """Raise LowresError where a declared feature is none of the schema's, or a dimension none that it has."""
    for key, bundle in declared_bundles(language.features):
        unknown = next((one for one in bundle.split(";") if one and not dimension(one)), None)
        if unknown is not None:
            found = f"features.{'.'.join(key)}: no feature '{unknown}' in UniMorph's schema"
            raise LowresError(document.where("features", *key), found, nearest(unknown, known_features()))
    for upos, chosen in (language.features.agree or {}).items():
        unknown = next((one for one in chosen if one not in dimensions()), None)
        if unknown is not None:
            found = f"features.agree.{upos}: no dimension '{unknown}'"
            raise LowresError(document.where("features", "agree", upos), found, nearest(unknown, dimensions()))


def declared_bundles(features: Features) -> list[tuple[tuple[str, ...], str]]:
    """(key within `features`, the features it declares) of everything that a card says in UniMorph features."""
    found = [(("prepositions", word), case) for word, case in features.prepositions.items()]
    names = (name for name in Features.__dataclass_fields__ if name not in _OTHERS)
    return found + [((name,), value) for name in names if (value := getattr(features, name))]


def _language_problem(tag: str, expected: str) -> str:
    try:
        meant = language_of_locale(tag)
    except LowresError as error:
        return f"{tag}: {error.found}"
    return "" if meant == expected else f"{tag} means {meant}"


def _script_problem(script: str) -> str:
    import langcodes

    exists = re.fullmatch("[A-Z][a-z]{3}", script) and langcodes.Language.make(script=script).is_valid()
    return "" if exists else f"no script '{script}'"


def _glottocode_problem(glottocode: str) -> str:
    return "" if re.fullmatch("([a-z0-9]{4}[0-9]{4})?", glottocode) else f"'{glottocode}'"
