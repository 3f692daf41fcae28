"""A package: an adapter's files and package.json, which says what they are and what each must hash to."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lowres.catalog import sha256_of
from lowres.errors import LowresError
from lowres.evaluation import Report
from lowres.recipe import Name

MANIFEST, SIGNATURE, CARD = "package.json", "package.sig", "README.md"
WEIGHTS, LABELS, PROFILE = "adapter_model.safetensors", "labels.json", "profile.safetensors"
_MB = 1 << 20
MODEL_FILES = {  # what decides the answers: name, most bytes
    "adapter_config.json": 8 * _MB, WEIGHTS: 512 * _MB, LABELS: _MB, "transitions.safetensors": 16 * _MB,
    "lowres.json": _MB, "glosses.tsv": 64 * _MB, "affixes.tsv": 8 * _MB, "loans.txt": 8 * _MB, "words.txt": 8 * _MB,
}  # fmt: skip
# Nothing else may be in a package: no code, no pickle, no folder.
FILES = MODEL_FILES | {PROFILE: 4 * _MB, "recipe.yaml": _MB, "language.yaml": _MB, "report.json": 64 * _MB, CARD: 4 * _MB}
OWN = {MANIFEST: _MB, SIGNATURE: _MB}
REQUIRED = frozenset(FILES) - {"glosses.tsv", "affixes.tsv", "loans.txt", "words.txt"}
MAX_BYTES = 256 * _MB  # of a whole package, unless the client says otherwise

Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Version = Annotated[str, Field(pattern=r"^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})$")]


class Refused(LowresError):
    """A package, or a registry's answer, that failed a check: nothing of it may be used or kept."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class File(_Strict):
    """One file of a package."""

    sha256: Sha256
    bytes: int = Field(ge=0, le=1 << 40)


class Base(_Strict):
    """The base that an adapter belongs to; each hash is over names and hashes of the files of that kind."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,95}(/[A-Za-z0-9][A-Za-z0-9._-]{0,95})?$")
    revision: str = Field("", pattern="^[A-Za-z0-9._-]{0,64}$")
    weights: Sha256
    config: Sha256
    tokenizer: Sha256

    @property
    def spec(self) -> str:
        """name@revision, or the name of a base without revisions"""
        return f"{self.name}@{self.revision}" if self.revision else self.name


class Source(_Strict):
    """Data that the adapter was made from."""

    name: str
    use: str
    licence: str
    citation: str = ""


class Figure(_Strict):
    """A share and its 95 % interval."""

    value: float
    low: float
    high: float


class Scores(_Strict):
    """How well the adapter reads one test set, beside its best control."""

    dataset: str
    locale: str
    partition: str
    n: int
    intent_accuracy: Figure
    slot_f1: Figure
    exact_match: Figure
    control: str = ""
    gain: Figure | None = Field(None, description="exact match over the best control")
    signature: str


class Flips(_Strict):
    """The share of a locale's utterances that the base reads right and that are lost, with the adapter active and routed."""

    locale: str
    n: int
    active: Figure
    routed: Figure


class Package(_Strict):
    """What package.json holds."""

    format: Literal[1] = 1
    name: Name
    version: Version
    language: str = Field(pattern="^[a-z]{3}$")
    locale: str = Field(pattern="^[A-Za-z0-9-]{2,35}$")
    licence: str = Field(pattern=r"^[A-Za-z0-9.+() -]{1,400}$")
    private: bool = False
    created: str = Field(pattern="^[0-9T:+.Z-]{4,40}$")
    lowres: str
    libraries: dict[str, str] = {}
    base: Base
    adapter: Sha256 = Field(description="over the files that decide the answers; the report was made by these")
    sources: tuple[Source, ...] = Field(max_length=1000)
    seed: int
    rules: dict[str, Sha256] = Field({}, description="the recipe's own modules; their code does not travel")
    core_minutes: dict[str, float] = {}
    scores: tuple[Scores, ...] = Field(max_length=100)
    flips: tuple[Flips, ...] = Field((), max_length=1000)
    files: dict[str, File]

    @property
    def spec(self) -> str:
        """name@version"""
        return f"{self.name}@{self.version}"

    @property
    def bytes(self) -> int:
        """Of all files that package.json lists."""
        return sum(one.bytes for one in self.files.values())


def format_package(package: Package) -> str:
    """package.json; `parse_package` is its inverse."""
    return json.dumps(package.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"


def parse_package(text: str | bytes, where: object) -> Package:
    """The inverse of `format_package`; Refused names the key that is unknown, missing or wrong."""
    try:
        _once(text)
        package = Package.model_validate_json(text, strict=True)
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        raise Refused(
            where, f"manifest: {'.'.join(map(str, detail['loc']))[:80]}: {detail['msg'][:80]}", "package.json of lowres"
        ) from None
    except (ValueError, RecursionError) as error:
        raise Refused(where, f"manifest: not JSON ({error})", "package.json of lowres") from None
    if unknown := sorted(package.files.keys() - FILES):
        raise Refused(where, f"file list: '{unknown[0][:80]}'", f"only {', '.join(FILES)}")
    if missing := sorted(REQUIRED - package.files.keys()):
        raise Refused(where, f"file list: no {missing[0]}", "all that a package needs")
    return package


def _once(text: str | bytes) -> Any:
    """JSON in which no key stands twice: readers differ in which of the two they take."""

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({key for key, _ in found}) < len(found):
            raise ValueError("a key stands twice")
        return dict(found)

    return json.loads(text.decode("utf-8") if isinstance(text, bytes) else text, object_pairs_hook=pairs)


def read_package(folder: Path) -> Package:
    """The manifest of a package folder; says nothing of its files (`check.verify`)."""
    path = folder / MANIFEST
    try:
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise Refused(path, "file: a link, or no plain file", "plain files only")
        with open(path, "rb") as file:
            text = file.read(OWN[MANIFEST] + 1)
        if len(text) > OWN[MANIFEST]:
            raise Refused(path, f"size: more than {OWN[MANIFEST]:,} bytes", f"{OWN[MANIFEST]:,} at most")
        return parse_package(text, path)
    except OSError as error:
        raise Refused(path, f"manifest: {error.strerror}", "a package folder") from None


def adapter_digest(hashes: Mapping[str, str]) -> str:
    """SHA-256 over names and hashes of those files, of all in `hashes`, that decide what an adapter answers."""
    return digest_of({name: hashes[name] for name in sorted(MODEL_FILES.keys() & hashes.keys())})


def hash_adapter(folder: Path) -> str:
    """`adapter_digest` of the files in a folder."""
    return adapter_digest({name: sha256_of(folder / name) for name in MODEL_FILES if (folder / name).is_file()})


def digest_of(hashes: Mapping[str, str]) -> str:
    """SHA-256 over names and hashes, in the order given."""
    return hashlib.sha256("".join(f"{name}\0{one}\n" for name, one in hashes.items()).encode()).hexdigest()


def scores_of(report: Report) -> Scores:
    """A report's own figures, without its tables."""
    control, ours = report.best_control, report.systems["adapter"]
    gain = report.differences[control].exact_match if control else None
    return Scores(
        dataset=report.dataset, locale=report.locale, partition=report.partition, n=report.n, signature=report.signature,
        intent_accuracy=figure(ours.intent_accuracy), slot_f1=figure(ours.slot_f1), exact_match=figure(ours.exact_match),
        control=control or "", gain=figure(gain) if gain else None,
    )  # fmt: skip


def figure(interval: Any) -> Figure:
    """An interval of `evaluation` as it is written."""
    return Figure(value=interval.value, low=interval.low, high=interval.high)


def version_key(version: str) -> tuple[int, ...]:
    """So that 1.10.0 comes after 1.9.0."""
    return tuple(map(int, version.split(".")))
