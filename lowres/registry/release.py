"""A release: what a registry holds of one version beside its files, in one file that is written once."""

import gzip
import hashlib
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lowres.errors import LowresError
from lowres.recipe import Name
from lowres.registry.package import MANIFEST, OWN, Figure, Package, Refused, Sha256, Version, parse_package

MAX_RELEASE, MAX_INDEX = 4 << 20, 16 << 20
_DIGITS = 4  # of shares in the index


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """package.json and package.sig as they were published, to the byte."""

    package: Package
    manifest: str
    signature: str | None
    sha256: str  # of the release's own file


class Row(BaseModel):
    """One line of the index: enough to list by."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
    name: Name
    version: Version
    language: str = Field(pattern="^[a-z]{3}$")
    locale: str = Field(pattern="^[A-Za-z0-9-]{2,35}$")
    base: str
    licence: str
    private: bool
    bytes: int = Field(ge=0, le=1 << 40)
    created: str
    exact_match: Figure | None
    gain: Figure | None
    signed: bool
    release: Sha256
    yanked: bool = False

    @property
    def spec(self) -> str:
        """name@version"""
        return f"{self.name}@{self.version}"


class Index(BaseModel):
    """A cache of all rows for hosts that cannot list. Releases and yanks are never taken back, so `serial`, their number, only grows."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    format: Literal[1] = 1
    serial: int = Field(0, ge=0)
    rows: tuple[Row, ...] = ()


def format_release(manifest: str, signature: str | None) -> bytes:
    """The release's file; `parse_release` is its inverse."""
    record = {"format": 1, "package": manifest, "signature": signature}
    return (json.dumps(record, ensure_ascii=False) + "\n").encode()


def parse_release(data: bytes, name: str, version: str, where: object) -> Release:
    """The release that was asked for; Refused where it is broken or another one."""
    try:
        record = json.loads(data)
        manifest, signature = record["package"], record["signature"]
        if record["format"] != 1 or set(record) != {"format", "package", "signature"}:
            raise ValueError("other fields")
        if not isinstance(manifest, str) or not isinstance(signature, str | None) or len(manifest.encode()) > OWN[MANIFEST]:
            raise ValueError("no package.json or package.sig")
        (signature or "").encode()  # no half of a surrogate pair
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise Refused(where, f"release: broken ({str(error)[:80]})", "the registry as it was published") from None
    package = parse_package(manifest, where)
    if (package.name, package.version) != (name, version):
        raise Refused(where, f"release: of {package.spec}", f"{name}@{version}")
    return Release(package=package, manifest=manifest, signature=signature, sha256=hashlib.sha256(data).hexdigest())


def row_of(release: Release) -> Row:
    """What the index holds of a release."""
    package = release.package
    first = package.scores[0] if package.scores else None
    kept = {"name", "version", "language", "locale", "licence", "private", "created"}
    return Row(
        **package.model_dump(include=kept), base=package.base.name, bytes=package.bytes, signed=release.signature is not None,
        exact_match=_rounded(first.exact_match) if first else None, gain=_rounded(first.gain) if first and first.gain else None,
        release=release.sha256,
    )  # fmt: skip


def _rounded(figure: Figure) -> Figure:
    return Figure(**{name: round(value, _DIGITS) for name, value in figure.model_dump().items()})


def format_index(index: Index) -> bytes:
    """index.json.gz: the same bytes for the same rows."""
    text = json.dumps(index.model_dump(mode="json"), separators=(",", ":"), ensure_ascii=False)
    return gzip.compress(text.encode(), mtime=0)


def parse_index(data: bytes, where: object) -> Index:
    """The inverse of `format_index`; Refused for what is no index, or unpacks to more than MAX_INDEX bytes."""
    try:
        unpack = zlib.decompressobj(wbits=31)
        text = unpack.decompress(data, MAX_INDEX)
        if not unpack.eof or unpack.unused_data:
            raise ValueError("cut short, too long, or something behind it")
        return _index(json.loads(text))
    except (ValueError, TypeError, LookupError, RecursionError, zlib.error) as error:
        found = error.errors(include_url=False)[0]["msg"] if isinstance(error, ValidationError) else str(error)
        raise Refused(where, f"index: broken ({found[:80]})", "the registry as it was published") from None


def _index(record: Any) -> Index:
    """Row by row, so that the first that is wrong ends it; the serial is what the rows say."""
    rows = tuple(Row.model_validate(row) for row in record["rows"])
    found = Index.model_validate({**record, "rows": ()}).model_copy(update={"rows": rows})
    if found.serial != serial_of(rows):
        raise ValueError(f"serial {found.serial} of {serial_of(rows)} releases and yanks")
    return found


def serial_of(rows: Sequence[Row]) -> int:
    """Releases and yanks together."""
    return len(rows) + sum(row.yanked for row in rows)


def parse_spec(text: str) -> tuple[str, str | None]:
    """(name, version or None) of NAME[@VERSION]; LowresError where it is none."""
    from pydantic import TypeAdapter

    name, at, version = text.partition("@")
    try:
        return TypeAdapter(Name).validate_python(name), TypeAdapter(Version).validate_python(version) if at else None
    except ValidationError:
        raise LowresError(f"adapter '{text[:80]}'", "not a name", "NAME or NAME@1.0.0") from None


def is_spec(text: str) -> bool:
    """Whether a text is NAME@VERSION."""
    try:
        return parse_spec(text)[1] is not None
    except LowresError:
        return False


def dump(value: Any) -> bytes:
    """JSON for a small file of the registry."""
    return (json.dumps(value, ensure_ascii=False) + "\n").encode()
