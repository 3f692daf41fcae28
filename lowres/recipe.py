"""The recipe: one experiment in one YAML file, values only; every error names file, line and key."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from lowres.catalog import COLLECTION, Reference, read_catalog
from lowres.errors import LowresError, nearest
from lowres.settings import Document, Key, format_yaml, read_document, validate

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=64)]
Gloss = Literal[True, False, "beside", "reading"]
Share = Annotated[float, Field(ge=0, le=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Sources(_Strict):
    """What the target language has: dictionaries, paradigm tables, raw text."""

    lexicons: tuple[Reference, ...] = Field((), description="bilingual dictionaries, all ranked together")
    paradigms: tuple[Reference, ...] = Field((), description="UniMorph tables")
    related: tuple[Reference, ...] = Field((), description="dictionaries of related languages, which the rule cognates borrows from")
    texts: tuple[Reference, ...] = Field((), description="raw text; its word counts rank the translations")
    bitexts: tuple[Reference, ...] = Field((), description="verses or tables of both sides; aligned, they teach translations")
    cldr: bool = Field(False, description="days, months, currencies, countries, languages as CLDR names them, as one more dictionary")


class Synthesize(_Strict):
    """How source utterances become pseudo-labelled target utterances."""

    rules: tuple[str, ...] = Field(description="rules in order: built-in ones, or <language>.<function> of the file beside")
    variants: int = Field(2, ge=1, le=100, description="pairs per source utterance")
    misheard_share: Share = Field(0.0, description="share of words that the rule sound_alike respells")
    min_coverage: Share = Field(0.3, description="share of words rendered; below it a pair is rejected and counted")
    temperature: float = Field(1.0, ge=0, le=10, description="of draws of translations; 0 takes the best")
    local_share: Share = Field(0.3, description="how often `localise` puts a name of entities.tsv into a slot that holds names")
    local_slots: dict[str, tuple[str, ...]] = Field({}, description="kind of entities.tsv -> more slots that it fills")
    seed: int = Field(13, description="each utterance draws from seed:id:variant")


class Lora(_Strict):
    """Low-rank adaptation of the encoder's linear layers (Hu et al. 2021): W + alpha/r · BA."""

    r: int = Field(16, ge=1, le=512)
    alpha: int = Field(32, ge=1)
    dropout: float = Field(0.0, ge=0, lt=1, description="slow on a CPU; the base's own dropout stays")
    modules: Literal["all", "attention", "feed_forward"] = Field("all", description="which linear layers of the encoder")
    heads: bool = Field(True, description="train the label heads too; without it the base must know the labels")


class Adapt(_Strict):
    """How the adapter is trained."""

    base: str = Field("lowres-mini", description="a bundled model, a folder, or a name on the Hub (name@revision)")
    lora: Lora = Field(default_factory=Lora)
    full: bool = Field(False, description="train and save all weights instead, to compare with; as large as the base")
    token_rows: bool = Field(True, description="train the rows of the token embeddings that the data uses")
    gloss: Gloss = Field(True, description="read the dictionary: beside each word, in a second reading (glossed), or both (true)")
    new_words: int = Field(0, ge=0, le=100_000, description="frequent words of many pieces as tokens, begun at their glosses")
    remember: float = Field(1.0, ge=0, le=100, description="pull towards the base's answers on the source, if it knows the labels")
    source_share: float = Field(0.25, ge=0, le=10, description="untouched source utterances per pair, against forgetting")
    glossed_share: float = Field(0.5, ge=0, le=1, description="pairs glossed back into the source language, where gloss is on")
    human: Reference | None = Field(None, description="labelled utterances of the language by people, partition train, beside the pairs")
    human_times: int = Field(4, ge=1, le=100, description="how often each of these comes for each time of a pair")
    epochs: int = Field(3, ge=1, le=1000, description="passes; small data is repeated to 200 steps an epoch")
    steps: int | None = Field(None, ge=1, description="of each epoch, whatever the data; by default one pass, at least 200")
    batch_size: int = Field(64, ge=1, le=4096)
    learning_rate: float = Field(1e-3, gt=0, lt=1)
    patience: int = Field(2, ge=1, description="epochs without a gain on the synthetic dev part before stopping")
    seed: int = 13

    @property
    def gloss_beside(self) -> bool:
        """Whether a word's gloss is mixed into its embedding."""
        return self.gloss in (True, "beside")

    @property
    def gloss_reading(self) -> bool:
        """Whether an utterance is read once more, glossed word by word."""
        return self.gloss in (True, "reading")


class Control(_Strict):
    """The trained control: the same dictionaries and steps, other rules, a learning rate of its own."""

    rules: tuple[str, ...] = Field(("word_for_word",), description="the published method, unless you ask another question")
    gloss: Gloss = Field(False, description="as in `adapt`")
    learning_rate: float = Field(2e-3, gt=0, lt=1, description="the best of 1e-3 and 2e-3 on sw-KE dev")


class Publish(_Strict):
    """What `publish` refuses; scores are shares of all utterances."""

    licence: Literal["auto", "none"] = Field("auto", description="auto: what the sources' licences allow; none: experiments only")
    min_exact_match_gain: float = Field(0.0, description="over the best control, on the first test set")
    max_negative_flips: Share = Field(0.02, description="utterances lost on the source and on each launched locale, routed by the identifier")
    max_active_flips: Share = Field(0.25, description="the same with the adapter switched on for all of them")
    min_routed: Share = Field(0.9, description="of the language's own test utterances, those that the identifier sends to the adapter")
    launched_utterances: int = Field(500, ge=1, description="a sample of each launched locale's dev part")


class Recipe(_Strict):
    """One language from one source data set."""

    name: Name = Field(description="the file's stem; also the run folder and the adapter's name")
    version: str = Field("1.0.0", pattern=r"^\d+\.\d+\.\d+$")
    language: str = Field(description="ISO 639-3 code of an individual language with a card")
    source: Reference = Field(description="labelled utterances in the source language")
    source_tagger: str | None = Field(None, description="what `lowres tagger` wrote, where the source is not English")
    resources: Sources = Field(default_factory=Sources)
    synthesize: Synthesize
    adapt: Adapt = Field(default_factory=Adapt)
    control: Control | None = Field(default_factory=Control, description="null: no trained control")
    evaluate: tuple[Reference, ...] = Field((), description="human utterances; without them no figure means anything")
    skyline: Reference | None = Field(None, description="human labels in the language: trained on for the ceiling alone")
    out_of_domain: Reference | None = Field(None, description="utterances or text that no intent covers, for rejection")
    publish: Publish = Field(default_factory=Publish)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeFile:
    """A recipe as read: its values, and the document for errors that name a line."""

    recipe: Recipe
    document: Document

    @property
    def path(self) -> Path:
        """Where the recipe lies."""
        return self.document.path

    @property
    def folder(self) -> Path:
        """What the recipe's own paths are relative to."""
        return self.path.parent

    @property
    def text(self) -> str:
        """YAML of the recipe: as it was written, or its values where they were changed since."""
        if validate(Recipe, self.document) == self.recipe:
            return self.path.read_text(encoding="utf-8-sig")
        return format_yaml(self.recipe.model_dump(mode="json"), f"Changed from {self.path.name}.")

    @property
    def source_tagger(self) -> Path | None:
        """The folder of the recipe's own tagger."""
        from lowres.resources import resolve

        return resolve(self.recipe.source_tagger, self.folder) if self.recipe.source_tagger else None

    @property
    def locale(self) -> str:
        """BCP 47 tag of the target utterances: the first that is tested on, else the card's."""
        from lowres.language import read_language

        tested = self.recipe.evaluate and self.recipe.evaluate[0].locale
        return tested or read_language(self.recipe.language, self.folder).bcp47


def read_recipe(path: Path | str) -> RecipeFile:
    """The recipe at `path`, or the bundled one of that name; everything it names is there, else LowresError."""
    document = read_document(_find(Path(path)))
    recipe = validate(Recipe, document)
    _check(recipe, document)
    return RecipeFile(recipe=recipe, document=document)


def _find(path: Path) -> Path:
    from lowres.resources import bundled_folder

    bundled = bundled_folder("recipes") / path.name
    named = bundled.with_suffix(".yaml")
    if path.is_file() or not (path.parent == Path(".") or path.parent.name == "recipes"):
        return path
    return next((found for found in (bundled, named) if found.is_file() and found.suffix == ".yaml"), path)


def _check(recipe: Recipe, document: Document) -> None:
    """Raise LowresError with the line of the first name that means nothing."""
    if recipe.name != document.path.stem:
        raise LowresError(document.where("name"), f"name: '{recipe.name}'", f"the file's stem, '{document.path.stem}'")
    _check_language(recipe, document)
    for key, reference in references(recipe):
        _check_reference(reference, key, document)
        if key[:2] == ("resources", "bitexts"):
            _check_bitext(reference, recipe, document.where(*key))
    from lowres.rules import load_rules

    load_rules(recipe.synthesize.rules, document.path.parent, document.where("synthesize", "rules"))
    if recipe.control:
        load_rules(recipe.control.rules, document.path.parent, document.where("control", "rules"))
    _check_base(recipe.adapt.base, document)
    if recipe.adapt.human and recipe.adapt.human.partition != "train":
        where = document.where("adapt", "human")
        raise LowresError(where, f"adapt.human: partition {recipe.adapt.human.partition}", "partition: train; others are for tests")
    _check_tagger(recipe, document)


def _check_language(recipe: Recipe, document: Document) -> None:
    from lowres.language import read_language

    try:
        read_language(recipe.language, document.path.parent)
    except LowresError as error:
        if not error.where.startswith("language "):
            raise  # the card itself is wrong, and says where
        raise LowresError(document.where("language"), f"language: {error.found} ({recipe.language})", error.allowed) from None


def references(recipe: Recipe) -> list[tuple[Key, Reference]]:
    """Every reference of the recipe with its key."""
    found: list[tuple[Key, Reference]] = [(("source",), recipe.source)]
    for part in ("lexicons", "related", "paradigms", "texts", "bitexts"):
        found += [(("resources", part, i), one) for i, one in enumerate(getattr(recipe.resources, part))]
    found += [(("evaluate", i), one) for i, one in enumerate(recipe.evaluate)]
    single = {("adapt", "human"): recipe.adapt.human, ("skyline",): recipe.skyline, ("out_of_domain",): recipe.out_of_domain}
    return found + [(key, one) for key, one in single.items() if one]


_KINDS = {"lexicons": "lexicon", "related": "lexicon", "paradigms": "paradigms", "texts": "text", "evaluate": "utterances",
          "source": "utterances", "skyline": "utterances", "adapt": "utterances"}  # fmt: skip


def _check_reference(reference: Reference, key: Key, document: Document) -> None:
    part = str(key[1] if key[0] == "resources" else key[0])
    kind = _KINDS.get(part)
    if reference.dataset is None:
        _check_file(reference, part, document.where(*key), document.path.parent)
        return
    one = read_catalog().get(reference.dataset)
    if one is None:
        known = [name for name, other in read_catalog().items() if kind in (None, other.kind)]
        raise LowresError(document.where(*key), f"no data set '{reference.dataset}'", nearest(reference.dataset, known))
    if kind and one.kind != kind:
        raise LowresError(document.where(*key), f"'{one.name}' holds {one.kind}", f"a data set of kind {kind}")
    locales = sorted({member.locale for member in one.files} - {""})
    if one.kind == "utterances" and locales and reference.locale not in locales:
        raise LowresError(document.where(*key), f"no locale '{reference.locale}' in '{one.name}'",
                          nearest(reference.locale or "", locales))
    parts = {member.partition for member in one.files if member.locale in ("", reference.locale)}
    if reference.partition and "" not in parts and reference.partition not in parts:
        raise LowresError(document.where(*key), f"no partition '{reference.partition}' in '{one.name}'",
                          nearest(reference.partition, parts))


def _check_bitext(reference: Reference, recipe: Recipe, where: str) -> None:
    from lowres.language import language_of_locale
    from lowres.sources import partner

    try:
        partner(reference, language_of_locale(recipe.source.locale or "en"))
    except LowresError as error:
        raise LowresError(where, error.found, error.allowed) from None


def _check_file(reference: Reference, part: str, where: str, folder: Path) -> None:
    """A file of the user's own is there, and in a format that this part of a recipe reads."""
    from lowres.formats import BITEXTS, LEXICONS, PARADIGMS, TEXTS, UTTERANCES
    from lowres.resources import resolve

    if not reference.path.startswith(COLLECTION) and not resolve(reference.path, folder).is_file():
        raise LowresError(where, f"no file '{reference.path}'", "a path relative to the recipe, or resources:…")
    bitexts = BITEXTS | {"verses": TEXTS["verses"]}
    known = {"lexicons": LEXICONS, "related": LEXICONS, "paradigms": PARADIGMS, "texts": TEXTS, "bitexts": bitexts}
    readers = known.get(part, UTTERANCES)
    if reference.format not in readers:
        raise LowresError(where, f"no format '{reference.format}' for {part}", nearest(reference.format, readers))


def _check_base(base: str, document: Document) -> None:
    """A bare name must be a bundled model or a folder; what has a slash may be on the Hub and is asked for when used."""
    from lowres.resources import resources_folder

    models = resources_folder() / "models"
    if "/" in base or (models / base).is_dir() or (document.path.parent / base).is_dir():
        return
    known = [path.name for path in models.iterdir() if (path / "config.json").is_file()] if models.is_dir() else []
    raise LowresError(document.where("adapt", "base"), f"no base '{base}'", f"{nearest(base, known)}, a folder, or owner/name on the Hub")


def _check_tagger(recipe: Recipe, document: Document) -> None:
    from lowres.analysis import tagger_file
    from lowres.resources import resolve

    named = recipe.source_tagger
    if named and not tagger_file(resolve(named, document.path.parent)).is_file():
        raise LowresError(document.where("source_tagger"), f"no tagger in '{named}'", "a folder that `lowres tagger` wrote")


def recipe_schema() -> dict[str, Any]:
    """The JSON Schema of a recipe, for editors."""
    schema = Recipe.model_json_schema()
    whole = schema["$defs"]["Reference"]
    name = {"type": "string", "description": "name of a data set in the catalogue"}
    schema["$defs"]["Reference"] = {"description": whole["description"], "anyOf": [name, whole]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | schema
