"""Where each public data set lives, what its bytes must be, and under which licence; fetch it or find it in a mirror."""

import hashlib
import os
import shutil
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, model_validator

from lowres.errors import LowresError, nearest
from lowres.resources import resources_folder


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Reference(_Strict):
    """Data that a recipe names: a data set of the catalogue, or a file of the user's own."""

    dataset: str | None = Field(None, description="name of a data set in the catalogue")
    path: str | None = Field(None, description="a file of your own, relative to the recipe; resources:… is bundled")
    format: str | None = Field(None, description="format of `path`, a name of lowres.formats")
    licence: str | None = Field(None, description="SPDX licence of `path`; 'unknown' keeps it out of what is published")
    locale: str | None = Field(None, description="BCP 47 tag of the texts, such as sw-KE")
    partition: str | None = Field(None, description="train, dev or test")

    @model_validator(mode="before")
    @classmethod
    def _name(cls, value):
        return {"dataset": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one(self):
        if (self.dataset is None) == (self.path is None):
            raise ValueError("either dataset or path")
        if self.path is not None and not (self.format and self.licence):
            raise ValueError("path needs format and licence beside it")
        return self


class Member(_Strict):
    """One file of a data set: its place in a mirror, where it is published, and its SHA-256."""

    path: str
    sha256: str
    locale: str = ""
    partition: str = ""
    url: str = ""


class Dataset(_Strict):
    """A public data set; `languages` are ISO 639-3, for lexicons headwords first. `derived` says how ours was made."""

    name: str
    kind: str
    format: str
    url: str
    licence: str
    citation: str
    languages: tuple[str, ...] = ()
    derived: str = ""
    files: tuple[Member, ...]


@cache
def read_catalog(path: Path | None = None) -> dict[str, Dataset]:
    """All data sets by name."""
    from lowres.settings import read_document

    place = path or resources_folder() / "catalog.yaml"
    return {name: Dataset(name=name, **value) for name, value in read_document(place).value.items()}


def dataset(name: str, where: object = "catalog") -> Dataset:
    """The data set of that name; LowresError names the nearest one."""
    found = read_catalog().get(name)
    if found is None:
        raise LowresError(where, f"no data set '{name}' in the catalogue", nearest(name, read_catalog()))
    return found


def fetch(name: str, *, mirror: Path | None = None, locale: str | None = None, progress: bool = True) -> dict[str, Path]:
    """The members of a data set (of one locale, where given) as files by their catalogue path, each hash checked.

    Looks in the mirror (argument, else LOWRES_MIRROR), then in the cache, then for UniMorph in the folder
    of the `unimorph` package, then downloads.
    """
    one = dataset(name)
    wanted = [member for member in one.files if locale in (None, member.locale) or not member.locale]
    if not wanted:
        locales = sorted({member.locale for member in one.files})
        raise LowresError(f"data set {name}", f"no locale '{locale}'", nearest(locale or "", locales))
    return {member.path: _place(one, member, mirror or _mirror(), progress) for member in wanted}


def _mirror() -> Path | None:
    named = os.environ.get("LOWRES_MIRROR")
    return Path(named) if named else None


def cache_folder() -> Path:
    """Where downloads are kept: LOWRES_CACHE, else the user's cache folder."""
    return Path(os.environ.get("LOWRES_CACHE") or Path.home() / ".cache" / "lowres")


def _place(one: Dataset, member: Member, mirror: Path | None, progress: bool) -> Path:
    for folder in filter(None, (mirror, cache_folder())):
        path = folder / member.path
        if path.is_file():
            return _checked(path, member)
    package = _unimorph_package(one)
    return package if package else _downloaded(one, member, progress)


def _checked(path: Path, member: Member) -> Path:
    found = sha256_of(path)
    if found != member.sha256:
        raise LowresError(path, f"sha256 {found[:12]}… differs", f"{member.sha256[:12]}…: fetch it anew; it is not used")
    return path


@cache
def sha256_of(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unimorph_package(one: Dataset) -> Path | None:
    """The table that the `unimorph` package downloaded; its version is whatever was newest then."""
    if not one.name.startswith("unimorph-") or one.name.startswith("unimorph-shared"):
        return None
    code = one.languages[0]
    folder = Path(os.environ.get("UNIMORPH") or Path.home() / ".unimorph")
    path = folder / code / code
    return path if path.is_file() else None


def _downloaded(one: Dataset, member: Member, progress: bool) -> Path:
    import pooch

    if one.derived or not member.url:
        how = one.derived or "published as an archive"
        raise LowresError(f"data set {one.name}", f"{member.path} is not in the mirror or cache", f"--mirror DIR ({how}; {one.url})")
    target = cache_folder() / member.path
    partial = target.parent / "partial"
    try:
        got = pooch.retrieve(
            member.url, f"sha256:{member.sha256}", path=partial, fname=target.name,
            progressbar=_bar() if progress else False,
        )  # fmt: skip
        shutil.move(got, target)
    except Exception as error:  # requests and pooch raise many kinds; every one means: not downloaded
        (partial / target.name).unlink(missing_ok=True)
        first = (str(error).splitlines() or [type(error).__name__])[0][:120]
        raise LowresError(member.url, f"not downloaded ({first})", "a network, or --mirror DIR with the file") from error
    return target


def _bar():
    from lowres.progress import DownloadBar

    return DownloadBar()
