"""`lowres new`: a card and a recipe for a language nobody prepared, from what catalogue and mirror hold for it.

Codes and names come from LinguaMeta, word order from URIEL (lang2vec: what grammars say, else what was predicted from
related and neighbouring languages); where neither can be had, from langcodes and a guess that is called one.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path

from lowres.catalog import Dataset, Reference, cache_folder, fetch, read_catalog
from lowres.cldr import LICENCE, cldr_locale
from lowres.entities import ENTITIES, SLOTS
from lowres.errors import LowresError, nearest
from lowres.formats.tables import read_columns
from lowres.language import Features, Language, Typology, beside_card, card_path, format_card, language_of_locale, read_card
from lowres.numerals import numerals_of
from lowres.settings import format_yaml
from lowres.sources import has_partner, may_be_redistributed

_RIGHT_TO_LEFT = frozenset("Arab Hebr Syrc Thaa Nkoo Adlm Mand Samr Rohg Mend Aran".split())


@dataclass(slots=True)
class Notes:
    """What was found, and what is missing with what that costs."""

    found: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def write_newcomer(locale: str, folder: Path, *, dataset: str | None = None, mirror: Path | None = None) -> str:
    """Write `languages/<iso639-3>/card.yaml` and the recipe into `folder`; the text says what to do next.

    Existing files are kept. Raises LowresError where the code names no individual language or no labelled source is known.
    """
    code, notes = language_of_locale(locale), Notes()
    chosen = _utterances(code, dataset, notes)
    card = _card(code, locale, folder, mirror, notes)
    stem = f"{code}-{chosen.name}"
    language = read_card(card)
    _note_local_life(language, folder, notes)
    text = _recipe(stem, language, locale, chosen, mirror, notes, _drops_articles(code, mirror))
    path = folder / f"{stem}.yaml"
    _write_new(path, text, notes)
    lines = [*(f"found: {one}" for one in notes.found), *(f"missing: {one}" for one in notes.missing)]
    return "\n".join([*lines, f"card: {card}", f"recipe: {path}", f"next: lowres check {path}, then lowres run {path}"])


def _write_new(path: Path, text: str, notes: Notes) -> None:
    if path.exists():
        notes.found.append(f"{path}, kept as it is")
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


# --- the card


def _card(code: str, locale: str, folder: Path, mirror: Path | None, notes: Notes) -> Path:
    try:
        path = card_path(code, folder)
        notes.found.append(f"a card, {path}")
        return path
    except LowresError:
        pass
    path = folder / "languages" / code / "card.yaml"
    _write_new(path, format_card(_language(code, locale, mirror, notes)), notes)
    return path


def _language(code: str, locale: str, mirror: Path | None, notes: Notes) -> Language:
    import langcodes

    row = _linguameta(code, mirror)
    tag = langcodes.Language.get(locale)
    plain = langcodes.Language.get(langcodes.standardize_tag(code))
    script = tag.script or _script(row.get("writing_systems", ""), plain.maximize().script or "")
    english = row.get("english_name") or plain.display_name()
    if not row:
        notes.missing.append("LinguaMeta: name and script are from langcodes, no glottocode")
    return Language(
        iso639_3=code, bcp47=plain.to_tag(), glottocode=row.get("glottocode", ""),
        names={"english": english, "endonym": row.get("endonym") or english}, script=script,
        direction="rtl" if script in _RIGHT_TO_LEFT else "ltr", typology=_typology(code, mirror, notes),
        features=_features(code, mirror),
    )  # fmt: skip


def _script(listed: str, likely: str) -> str:
    """The usual script where it is one of those that are listed (in alphabetical order), else the first of them."""
    scripts = [script.strip() for script in listed.split(",") if script.strip()]
    return likely if likely in scripts or not scripts and likely else (scripts or ["Latn"])[0]


def _linguameta(code: str, mirror: Path | None) -> dict[str, str]:
    path = _fetched("linguameta", mirror)
    if path is None:
        return {}
    return next((row for row in read_columns(path) if row.get("iso_639_3_code") == code), {})


def _fetched(name: str, mirror: Path | None, ending: str = "") -> Path | None:
    """A file of a data set that is at hand, without asking the network."""
    if name not in read_catalog() or not _at_hand(read_catalog()[name], mirror):
        return None
    return next((path for member, path in fetch(name, mirror=mirror).items() if member.endswith(ending)), None)


def _at_hand(one: Dataset, mirror: Path | None) -> bool:
    mirror = mirror or (Path(os.environ["LOWRES_MIRROR"]) if os.environ.get("LOWRES_MIRROR") else None)
    places = [folder for folder in (mirror, cache_folder()) if folder]
    return all(any((folder / member.path).is_file() for folder in places) for member in one.files)


_ORDERS = ("SVO", "SOV", "VSO", "VOS", "OVS", "OSV")


def _typology(code: str, mirror: Path | None, notes: Notes) -> Typology:
    values = uriel(code, mirror)
    if not values:
        notes.missing.append("word order (no URIEL at hand): the card says SVO and the like; mend it by hand, slots depend on it")
        return Typology(word_order="SVO", adjective="before", possessor="before", adposition="preposition", numeral="before")
    notes.found.append("word order from URIEL; check the card's typology, some of it may be predicted")
    parts = ("ADJECTIVE", "POSSESSOR", "ADPOSITION", "NUMERAL")
    after = {part: values[f"S_{part}_AFTER_NOUN"] > values[f"S_{part}_BEFORE_NOUN"] for part in parts}
    side = {part: "after" if is_after else "before" for part, is_after in after.items()}
    return Typology(
        word_order=max(_ORDERS, key=lambda one: values.get(f"S_{one}", 0.0)), adjective=side["ADJECTIVE"], possessor=side["POSSESSOR"],
        adposition="postposition" if after["ADPOSITION"] else "preposition", numeral=side["NUMERAL"],
        demonstrative="after" if _more(values, "S_DEMONSTRATIVE_WORD_AFTER_NOUN", "S_DEMONSTRATIVE_WORD_BEFORE_NOUN") else "before",
    )  # fmt: skip


def _more(values: dict[str, float], one: str, other: str) -> bool:
    return values.get(one, 0.0) > values.get(other, 0.0)


def _features(code: str, mirror: Path | None) -> Features:
    """What URIEL says of agreement; the rest is left to the tables."""
    agreeing = uriel(code, mirror).get("S_ANY_AGREEMENT_ON_ADJECTIVES", 1.0) >= 0.5
    return Features() if agreeing else Features(agree={})


def uriel(code: str, mirror: Path | None = None) -> dict[str, float]:
    """URIEL's syntactic features of a language, 0..1: the mean of what sources say, else the prediction; {} where not at hand."""
    import numpy as np

    said, predicted = _fetched("lang2vec", mirror, "/features.npz"), _fetched("lang2vec", mirror, "feature_predictions.npz")
    values: dict[str, float] = {}
    for path in filter(None, (predicted, said)):
        with np.load(path, allow_pickle=False) as table:
            row = np.flatnonzero(table["langs"] == code)
            data = table["data"][row[0]] if len(row) else np.empty((0, 1))  # (features, sources), below 0 where nothing is said
            names = table["feats"].tolist()
        for name, sources in zip(names, data, strict=False):
            known = sources[sources >= 0]
            if name.startswith("S_") and len(known):
                values[name] = float(known.mean())
    return values


def _drops_articles(code: str, mirror: Path | None) -> bool:
    """Whether English articles have no counterpart as words; unknown counts as yes, as in most languages.

    A definite word alone may be a demonstrative (Swahili), and the place of an article is often a mere prediction.
    """
    values = uriel(code, mirror)
    return min(values.get("S_DEFINITE_WORD", 0.0), values.get("S_ARTICLE_WORD_BEFORE_NOUN", 0.0)) < 0.5


# --- the recipe


def _utterances(code: str, name: str | None, notes: Notes) -> Dataset:
    """The labelled data set to learn from: one that also tests this language, else MASSIVE."""
    # topics of news (SIB-200) are no requests
    requests = (one for one in read_catalog().values() if one.kind == "utterances" and one.format != "sib200")
    labelled = {one.name: one for one in requests if _source(one)}
    if name is not None and name not in labelled:
        raise LowresError("--dataset", f"no labelled English data set '{name}'", nearest(name, labelled))
    fitting = [one for one in labelled.values() if _locale(one, code)]
    chosen = labelled[name] if name else (fitting or [labelled["massive"]])[0]
    if _locale(chosen, code):
        notes.found.append(f"test utterances of {chosen.name} in {_locale(chosen, code)}")
    else:
        notes.missing.append("test utterances: no figure means anything without them; collect some and name them under 'evaluate'")
    return chosen


def _locale(one: Dataset, code: str) -> str:
    """The locale of a data set in that language, '' where it has none."""
    return next((member.locale for member in one.files if member.locale and _language_or_none(member.locale) == code), "")


def _language_or_none(locale: str) -> str:
    try:
        return language_of_locale(locale)
    except LowresError:
        return ""


def _source(one: Dataset) -> dict[str, str]:
    """The English part to learn from: train where there is one, else dev."""
    english = [member for member in one.files if _language_or_none(member.locale or "und") == "eng"]
    parts = {member.partition or "train" for member in english}
    chosen = next((part for part in ("train", "dev") if part in parts), None)
    return {"dataset": one.name, "locale": english[0].locale, "partition": chosen} if chosen else {}


def _note_local_life(language: Language, folder: Path, notes: Notes) -> None:
    """What there is of names, numbers and the clock, and what to write where there is nothing."""
    beside = card_path(language.iso639_3, folder).parent
    if cldr_locale(language):
        notes.found.append(f"days, months, currencies, countries of CLDR ({LICENCE}); read them once, some are bookish")
    if numerals_of(language, folder):
        notes.found.append("number words")
    else:
        notes.missing.append(f"number words: {beside / 'numbers.tsv'} (value, form, more); numbers of several words stay English")
    if not beside_card(ENTITIES, language.iso639_3, folder):
        kinds = ", ".join(list(SLOTS)[:6])
        notes.missing.append(f"local names: {beside / 'entities.tsv'} (kind, name; {kinds}, …); slots keep English names")
    if language.clock is None:
        notes.missing.append("the clock: a section 'clock' in the card, such as hour: '{hour} {part}'; times go word by word")


def _recipe(
    stem: str, language: Language, locale: str, chosen: Dataset, mirror: Path | None, notes: Notes, drop: bool
) -> str:
    code = language.iso639_3
    needed = "a dictionary: little can be rendered without one; name yours by path, format and licence"
    lexicons = _resources("lexicon", code, mirror, notes, needed)
    paradigms = _resources("paradigms", code, mirror, notes, "a UniMorph table: words stay in their dictionary form")
    texts = _resources("text", code, mirror, notes, "text: translations are ranked without knowing which words people use")
    bitexts = _bitexts(texts, notes)
    related = _related(language, lexicons, mirror, notes)
    before, after = (["subject_person", "cases", "agree"], ["inflect"]) if paradigms else ([], [])
    articles = ["drop_articles"] if drop else []
    words = ["look_up", *(["cognates"] if related else []), "localise", "clock", "numbers", "auxiliaries"]
    rules = [*words, *before, *articles, *after, "order", "transliterate"]
    test = {"dataset": chosen.name, "locale": _locale(chosen, code) or locale, "partition": "test"}
    values = {
        "name": stem, "version": "1.0.0", "language": code, "source": _source(chosen),
        "resources": {
            "lexicons": lexicons, "related": related, "paradigms": paradigms, "texts": texts, "bitexts": bitexts,
            "cldr": bool(cldr_locale(language)),
        },
        "synthesize": {"rules": rules, "variants": 2, "min_coverage": 0.3, "seed": 13},
        "adapt": {"base": "lowres-mini", "epochs": 3, "learning_rate": 0.001, "seed": 13},
        "evaluate": [test] if _locale(chosen, code) else [],
    }  # fmt: skip
    return format_yaml(values, f"{code} from {chosen.name}'s English, written by lowres new.\nlowres run {stem}.yaml")


def _resources(kind: str, code: str, mirror: Path | None, notes: Notes, missing: str) -> list[str]:
    """Data sets of a kind that hold the language (dictionaries: with English) and may be redistributed."""
    fitting = [one for one in read_catalog().values() if one.kind == kind and code in one.languages]
    if kind == "lexicon":
        fitting = [one for one in fitting if "eng" in one.languages]
    chosen = [one for one in fitting if may_be_redistributed(one.licence)]
    for one in fitting:
        where = "at hand" if _at_hand(one, mirror) else f"to be fetched from {one.url}"
        note = f"{one.name} ({one.licence}, {where})"
        notes.found.append(note if one in chosen else f"{note}: left out, its licence allows experiments only")
    if not chosen:
        notes.missing.append(missing)
    return [one.name for one in chosen]


NEAR = 0.75  # cosine of two languages' families: Kazakh and Bashkir have .83, Irish and Welsh .77, Swiss German and Dutch less


def _related(language: Language, lexicons: list[str], mirror: Path | None, notes: Notes) -> list[str]:
    """Dictionaries of the nearest relatives that write the same script: what `cognates` borrows where no dictionary goes."""
    english = [one for one in read_catalog().values() if one.kind == "lexicon" and "eng" in one.languages]
    free = [one for one in english if may_be_redistributed(one.licence) and one.name not in lexicons]
    others = {one.name: code for one in free for code in one.languages if code not in ("eng", language.iso639_3)}
    likeness = _likeness(language.iso639_3, mirror, set(others.values()))
    near = {name: likeness.get(code, 0.0) for name, code in others.items() if _writes(code, language.script)}
    found = [name for name, value in near.items() if value == max(near.values()) >= NEAR]
    notes.found += [f"{name}: a near relative's; what no dictionary renders is borrowed from it, as a guess" for name in found]
    return found


def _writes(code: str, script: str) -> bool:
    import langcodes

    return langcodes.Language.get(langcodes.standardize_tag(code)).maximize().script == script


def _likeness(code: str, mirror: Path | None, others: set[str]) -> dict[str, float]:
    """The cosine of the families and subfamilies (URIEL) of `code` and of each of `others`."""
    import numpy as np

    path = _fetched("lang2vec", mirror, "family_features.npz")
    if path is None:
        return {}
    with np.load(path, allow_pickle=False) as table:
        langs, families = table["langs"], table["data"].max(axis=2) > 0  # (languages, families)
    rows = {str(langs[i]): families[i] for i in np.flatnonzero(np.isin(langs, sorted(others | {code})))}
    own = rows.pop(code, np.zeros(families.shape[1], bool))
    return {one: float((own & row).sum() / max(1.0, own.sum() * row.sum()) ** 0.5) for one, row in rows.items()}


def _bitexts(texts: list[str], notes: Notes) -> list[str]:
    """The texts that have a side in English: aligned with it, they teach translations."""
    found = [name for name in texts if has_partner(Reference(dataset=name), "eng")]
    notes.found += [f"{name} has an English side: aligned, it ranks translations and adds words that dictionaries lack" for name in found]
    return found
