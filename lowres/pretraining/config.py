"""What a pretraining reads and does: pydantic models that mirror the YAML, and the data that it must never see."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from lowres.catalog import Reference, dataset, read_catalog
from lowres.errors import LowresError
from lowres.formats import LEXICONS, PARADIGMS, TEXTS, UTTERANCES
from lowres.settings import read_document, validate

# Kept for measuring new languages: what a base has seen of them would be no zero-shot figure.
DEVELOPMENT_LOCALES = ("sw-KE", "cy-GB", "is-IS", "hy-AM", "ur-PK", "am-ET")
_DEVELOPMENT = ", ".join(DEVELOPMENT_LOCALES)
# Languages that labelled data is kept for; no labelled utterance with words switched into them is trained on.
KEPT_LANGUAGES = frozenset("swh cym isl hye urd amh yor kaz gsw nap srp".split())


# Likewise whole data sets, in all their languages and partitions.
_KEPT_DATASETS = re.compile(r"injongo|xsid|ntrex128|tatoeba-.*|sib200|sib200-labels")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _of_format(formats: tuple[str, ...]) -> Callable[[Reference], Reference]:
    """A check that a reference means data of one of `formats`, known to the catalogue or declared."""

    def check(reference: Reference) -> Reference:
        try:
            found = dataset(reference.dataset).format if reference.dataset else reference.format
        except LowresError as error:
            raise ValueError(f"{error.found}; {error.allowed}") from None
        if found not in formats:
            raise ValueError(f"data of format '{found}'; formats {', '.join(formats)}")
        if reference.dataset and _KEPT_DATASETS.fullmatch(reference.dataset):
            raise ValueError(f"{reference.dataset} is off limits, kept for measuring; any other data")
        return reference

    return check


def _allowed_locale(reference: Reference) -> Reference:
    if reference.dataset == "massive" and reference.locale in DEVELOPMENT_LOCALES:
        raise ValueError(f"{reference.locale} of massive is off limits, kept for measuring; any but {_DEVELOPMENT}")
    if reference.dataset and not reference.locale:
        raise ValueError("no locale; one locale of the data set, such as en-US")
    return reference


def _partition(allowed: str) -> Callable[[Reference], Reference]:
    def check(reference: Reference) -> Reference:
        if reference.partition != allowed:
            raise ValueError(f"partition '{reference.partition}' is off limits here; 'partition: {allowed}'")
        return reference

    return check


_Labelled = Annotated[Reference, AfterValidator(_of_format(tuple(UTTERANCES))), AfterValidator(_allowed_locale)]
Launched = Annotated[_Labelled, AfterValidator(_partition("train"))]
Dev = Annotated[_Labelled, AfterValidator(_partition("dev"))]
Text = Annotated[Reference, AfterValidator(_of_format(tuple(TEXTS)))]
Verses = Annotated[Reference, AfterValidator(_of_format(("verses",)))]
Entries = Annotated[Reference, AfterValidator(_of_format(tuple(LEXICONS)))]
Forms = Annotated[Reference, AfterValidator(_of_format(tuple(PARADIGMS)))]


class Data(_Strict):
    """The data, all of it by reference."""

    launched: tuple[Launched, ...] = Field((), description="labelled utterances, partition train only; none only where a base is continued")
    evaluate: Dev | None = Field(None, description="the dev part of a locale, for the figures of the card")
    texts: tuple[Text, ...] = Field((), description="raw text, line by line")
    verses: tuple[Verses, ...] = Field((), description="verse-aligned text, English as the pivot; raw text too")
    lexicons: tuple[Entries, ...] = Field((), description="bilingual lexicons")
    paradigms: tuple[Forms, ...] = Field((), description="inflected forms, for words that a lexicon has")

    def references(self) -> list[Reference]:
        """Everything that is trained on, in order."""
        return [*self.launched, *self.texts, *self.verses, *self.lexicons, *self.paradigms]


class TokenizerSettings(_Strict):
    """Rows of the token embeddings, and what else the tokenizer is trained on."""

    vocabulary: int = Field(22528, ge=300, le=1 << 20, description="pieces, with 256 bytes and 5 special ones")
    spare: int = Field(2048, ge=0, le=1 << 20, description="unused rows after them, for pieces that an adapter brings")
    lexicons: tuple[Entries, ...] = Field((), description="read beside the data, for the tokenizer alone")


class ModelSize(_Strict):
    """The encoder, in the XLM-R architecture."""

    layers: int = Field(5, ge=1, le=48, description="transformer layers")
    hidden: int = Field(256, ge=8, le=4096, description="width of a layer, a multiple of heads")
    heads: int = Field(4, ge=1, le=64, description="attention heads")
    feed_forward: int = Field(1024, ge=8, le=1 << 15, description="width of the feed-forward part")

    @model_validator(mode="after")
    def _divides(self) -> "ModelSize":
        if self.hidden % self.heads:
            raise ValueError(f"hidden {self.hidden} and heads {self.heads}; hidden a multiple of heads")
        return self


class Weights(_Strict):
    """How often each kind of example is drawn, relative to the others; a kind without data is not drawn.

    Those of weight 0 have not been shown to pay.
    """

    labelled: float = Field(0.45, ge=0, description="labelled utterances, some of their words hidden")
    source: float = Field(0.0, ge=0, description="likewise, of the source language alone")
    parallel: float = Field(0.15, ge=0, description="an utterance in two locales, one after the other, words hidden")
    text: float = Field(0.12, ge=0, description="raw text, words hidden")
    verses: float = Field(0.13, ge=0, description="a verse in a language and in English, words hidden")
    entries: float = Field(0.15, ge=0, description="three to eight dictionary entries with their glosses, words hidden")
    aligned_utterances: float = Field(0.0, ge=0, description="utterances of two locales, told from all others in the batch")
    aligned_verses: float = Field(0.0, ge=0, description="verses in a language and in English, likewise")
    aligned_entries: float = Field(0.0, ge=0, description="dictionary entries and their glosses, likewise")
    switched: float = Field(0.0, ge=0, description="English text with words of another language, read as the model's average reads the text")
    relabelled: float = Field(0.0, ge=0, description="the same of labelled utterances, no language that is kept for measuring")


KINDS = tuple(Weights.model_fields)

Share = Annotated[float, Field(ge=0, le=1)]
Shares = Annotated[tuple[Share, ...], Field(min_length=1)]


class MaskShares(_Strict):
    """Shares of words to predict, by kind of example; one of each list is drawn per step."""

    labelled: Shares = Field((0.0, 0.1, 0.25), description="0 leaves some utterances whole, as they come in use")
    source: Shares = Field((0.0, 0.1, 0.25), description="of utterances of the source language")
    parallel: Shares = Field((0.25,), description="of an utterance in two locales")
    text: Shares = Field((0.25,), description="of raw text")
    verses: Shares = Field((0.25,), description="of a verse in two languages")
    entries: Shares = Field((0.35,), description="of dictionary entries")


class LossWeights(_Strict):
    """What a loss counts beside that of hidden words and that of labels, which count 1."""

    contrast: float = Field(0.5, ge=0, description="of aligned examples: which text of the batch means the same")
    near: float = Field(1.0, ge=0, description="of switched text: how far each word is from what the model makes of the original")
    apart: float = Field(1.0, ge=0, description="of switched text: how far the labels are from those of the original")
    sound: float = Field(0.0, ge=0, description="of hidden words: panphon's features of their segments, where a language has a table of sounds")
    language: float = Field(
        0.0, ge=-10, le=10, description="of utterances and raw text: their language; below 0 the states are kept from telling it"
    )


class Schedule(_Strict):
    """AdamW; the learning rate rises linearly over the warm-up, then falls as a cosine to zero."""

    steps: int = Field(9000, ge=1, description="optimizer steps")
    pieces_per_step: int = Field(4096, ge=16, le=1 << 20, description="tokenizer pieces in a step, padding included")
    learning_rate: float = Field(1.2e-3, gt=0, le=1, description="peak learning rate")
    warmup: int = Field(500, ge=0, description="steps of warm-up")
    weight_decay: float = Field(0.01, ge=0, le=1, description="AdamW's weight decay")
    average: float = Field(0.0, ge=0, lt=1, description="what an average of the weights keeps at each step; it is what is written; 0 for none")
    checkpoint_every: int = Field(250, ge=1, description="steps between checkpoints; each is a line of log.jsonl")


class Pretraining(Schedule):
    """The schedule, and what is learnt from what."""

    weights: Weights = Field(Weights(), description="how often each kind of example is drawn")
    mask_share: MaskShares = Field(MaskShares(), description="shares of words to predict")
    losses: LossWeights = Field(LossWeights(), description="what each loss counts")


class PretrainConfig(_Strict):
    """A pretraining: what `lowres pretrain` reads."""

    name: str = Field(description="name of the base", pattern=r"^[\w][\w.-]*$")
    seed: int = Field(13, description="every step draws from seed:step alone")
    data: Data = Field(description="what is read")
    tokenizer: TokenizerSettings = Field(TokenizerSettings(), description="the tokenizer; a base that is continued has its own")
    model: ModelSize = Field(ModelSize(), description="the encoder")
    training: Pretraining = Field(Pretraining(), description="the training")

    def references(self) -> list[Reference]:
        """Everything that is read to train, in order."""
        return [*self.data.references(), *self.tokenizer.lexicons]


class Imitation(Schedule):
    """The schedule, and what a student imitates."""

    of: Literal["relations", "labels", "both"] = Field("both", description="how words stand to each other, what labels they get, or both")
    relation_heads: int = Field(8, ge=1, description="parts of a state in which words are compared, a divisor of both widths")
    temperature: float = Field(2.0, gt=0, le=100, description="by which the teacher's and the student's labels are softened")


class DistilConfig(_Strict):
    """A distillation: what `lowres distil` reads."""

    name: str = Field(description="name of the distilled base", pattern=r"^[\w][\w.-]*$")
    seed: int = Field(13, description="every step draws from seed:step alone")
    utterances: tuple[Launched, ...] = Field((), description="utterances, read without their labels, partition train only")
    texts: tuple[Text, ...] = Field((), description="raw text, line by line")
    evaluate: Dev | None = Field(None, description="the dev part of a locale, for the figures of the card")
    training: Imitation = Field(Imitation(), description="the training")

    @model_validator(mode="after")
    def _has_text(self) -> "DistilConfig":
        if not self.utterances and not self.texts:
            raise ValueError("no text; utterances, texts, or both")
        return self


def read_distil_config(path: Path | str) -> DistilConfig:
    """The settings at `path`; raises as `read_pretrain_config`."""
    return validate(DistilConfig, read_document(path))


def read_pretrain_config(path: Path | str) -> PretrainConfig:
    """The settings at `path`; raises LowresError with path:line, also where they name data that is off limits."""
    return validate(PretrainConfig, read_document(path))


def off_limits_hashes() -> frozenset[str]:
    """SHA-256 of all files that are kept for measuring, packed and unpacked, so that a copy under another name is known too."""
    catalog = read_catalog()
    kept = [member for member in catalog["massive"].files if member.locale in DEVELOPMENT_LOCALES]
    kept += [member for name, one in catalog.items() if _KEPT_DATASETS.fullmatch(name) for member in one.files]
    return frozenset(filter(None, (of for member in kept for of in (member.sha256, member.content))))
