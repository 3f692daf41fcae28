"""Where each public data set lives, what its bytes must be, under which licence; fetch it or find it in a mirror."""

import errno
import gzip
import hashlib
import logging
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from lowres.errors import LowresError, nearest
from lowres.resources import resources_folder

_log = logging.getLogger("lowres")
_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS)


COLLECTION = "collection:"  # before a name: what was accepted of it


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Reference(_Strict):
    """Data that a recipe names: a data set of the catalogue, or a file of the user's own."""

    dataset: str | None = Field(None, description="name of a data set in the catalogue")
    path: str | None = Field(None, description="a file of your own, relative to the recipe; resources:… is bundled, collection:NAME collected")
    format: str | None = Field(None, description="format of `path`, a name of lowres.formats")
    licence: str | None = Field(None, description="SPDX licence of `path`; 'unknown' keeps it out of what is published")
    locale: str | None = Field(None, description="BCP 47 tag of the texts, such as sw-KE")
    partition: str | None = Field(None, description="train, dev or test")

    @model_validator(mode="before")
    @classmethod
    def _name(cls, value):
        if isinstance(value, str):
            return {"dataset": value}
        if isinstance(value, dict) and str(value.get("path") or "").startswith(COLLECTION):
            return {"format": "conll", "licence": COLLECTION} | value  # the database knows its licence
        return value

    @model_validator(mode="after")
    def _one(self):
        if (self.dataset is None) == (self.path is None):
            raise ValueError("either dataset or path")
        if self.path is not None and not (self.format and self.licence):
            raise ValueError("path needs format and licence beside it")
        return self


class Member(_Strict):
    """One file of a data set: its place in a mirror, its SHA-256, and where it is published.

    `member` is its name in the archive at the data set's url. `content` is the SHA-256 of the unpacked bytes of a
    file that lowres makes of the member itself: gzip packs the same bytes differently from version to version.
    """

    path: str
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    locale: str = ""
    language: str = ""
    partition: Literal["", "train", "dev", "test"] = ""
    url: str = ""
    member: str = ""
    content: str = Field("", pattern="^([0-9a-f]{64})?$")

    @field_validator("path")
    @classmethod
    def _inside(cls, value: str) -> str:
        if PurePosixPath(value).is_absolute() or ".." in PurePosixPath(value).parts:
            raise ValueError("a path that stays inside the mirror")
        return value


class Dataset(_Strict):
    """A public data set; `languages` are ISO 639-3, for lexicons headwords first. `derived` says how ours was made."""

    name: str
    kind: Literal["utterances", "lexicon", "paradigms", "text", "parallel", "treebank", "languages"]
    format: str
    url: str
    licence: str
    citation: str
    languages: tuple[str, ...] = ()
    derived: str = ""
    files: tuple[Member, ...]


Origin = Literal["mirror", "cache", "unimorph package", "unimorph package, another version", "downloaded"]


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


def fetch(
    name: str,
    *,
    mirror: Path | None = None,
    locale: str | None = None,
    partition: str | None = None,
    progress: bool = True,
) -> dict[str, Path]:
    """The members of a data set (of one locale and partition, where given) by their catalogue path, each hash checked.

    Looks in the mirror (argument, else LOWRES_MIRROR), then in the cache, then for UniMorph in the folder of the
    `unimorph` package, whose tables may be of another version (a warning says so), then downloads.
    """
    one = dataset(name)
    folder = _mirror(mirror)
    wanted = _members(one, locale, partition)
    return {member.path: _place(one, member, folder, progress)[0] for member in wanted}


def fetch_all(
    names: Iterable[str], *, mirror: Path | None = None, progress: bool = True
) -> Iterator[tuple[Path, Origin]]:
    """Every file of the named data sets, and where it came from; what a mirror has is copied into the cache.

    An unknown name is an error before anything is fetched.
    """
    folder = _mirror(mirror)
    for one in [dataset(name) for name in names]:
        for member in one.files:
            path, origin = _place(one, member, folder, progress)
            yield _copied(path, member) if origin == "mirror" else path, origin


def _members(one: Dataset, locale: str | None, partition: str | None) -> list[Member]:
    """Members that hold something of the locale and partition; one that does not name its own may hold any."""
    of_locale = [member for member in one.files if locale in (None, member.locale) or not member.locale]
    if not of_locale:
        raise LowresError(
            f"data set {one.name}", f"no locale '{locale}'", nearest(locale or "", (m.locale for m in one.files))
        )
    wanted = [member for member in of_locale if partition in (None, member.partition) or not member.partition]
    if not wanted:
        allowed = nearest(partition or "", (member.partition for member in of_locale))
        raise LowresError(
            f"data set {one.name}", f"no partition '{partition}'" + (f" of {locale}" if locale else ""), allowed
        )
    return wanted


def _mirror(named: Path | None) -> Path | None:
    folder = named or (Path(os.environ["LOWRES_MIRROR"]) if os.environ.get("LOWRES_MIRROR") else None)
    if folder is not None and not folder.is_dir():
        raise LowresError(folder, "no such folder", "--mirror or LOWRES_MIRROR: a folder with the catalogue's files")
    return folder


def cache_folder() -> Path:
    """Where downloads are kept: LOWRES_CACHE, else the user's cache folder."""
    return Path(os.environ.get("LOWRES_CACHE") or Path.home() / ".cache" / "lowres")


def _place(one: Dataset, member: Member, mirror: Path | None, progress: bool) -> tuple[Path, Origin]:
    places: tuple[tuple[Path | None, Origin], ...] = ((mirror, "mirror"), (cache_folder(), "cache"))
    for folder, origin in places:
        if folder is not None and (folder / member.path).is_file():
            path = folder / member.path
            _check(path, member, path, "delete it and fetch it anew")
            return path, origin
    return _unimorph_package(one, member) or (_downloaded(one, member, progress), "downloaded")


def _check(path: Path, member: Member, where: object, advice: str) -> None:
    found = sha256_of(path)
    if found != member.sha256 and not (member.content and _content_sha256(path) == member.content):
        raise LowresError(where, f"sha256 {found[:12]}… differs from {member.sha256[:12]}… and is not used", advice)


def sha256_of(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    try:
        state = path.stat()
        return _sha256(path, state.st_mtime_ns, state.st_size)
    except OSError as error:
        raise LowresError(path, error.strerror or str(error), "a file that can be read") from None


@cache
def _sha256(path: Path, changed: int, size: int) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _content_sha256(path: Path) -> str:
    """SHA-256 of the unpacked bytes, '' for a broken file."""
    total = hashlib.sha256()
    try:
        with gzip.open(path, "rb") as file:
            while block := file.read(1 << 20):
                total.update(block)
    except (OSError, EOFError, zlib.error):
        return ""
    return total.hexdigest()


def _unimorph_package(one: Dataset, member: Member) -> tuple[Path, Origin] | None:
    """The table that the `unimorph` package downloaded: of the version that was newest then, so its hash may differ."""
    repository = one.url.removeprefix("https://github.com/unimorph/")
    path = Path(os.environ.get("UNIMORPH") or Path.home() / ".unimorph") / repository / repository
    if repository == one.url or not path.is_file():
        return None
    if sha256_of(path) == member.sha256:
        return path, "unimorph package"
    _warn(f"{path}: used for {one.name}, but another version than the catalogue's (sha256 {member.sha256[:12]}…)")
    return path, "unimorph package, another version"


@cache
def _warn(message: str) -> None:
    _log.warning(message)


def _copied(path: Path, member: Member) -> Path:
    target = cache_folder() / member.path
    if not (target.is_file() and sha256_of(target) == sha256_of(path)):
        with _written(target) as partial:
            shutil.copyfile(path, partial)
    return target


@contextmanager
def _written(target: Path) -> Iterator[Path]:
    """A temporary path that becomes `target` when the block ends well; whatever else happens, nothing is left."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=target.parent, prefix=".partial-") as folder:
            partial = Path(folder) / target.name
            yield partial
            os.replace(partial, target)
    except OSError as error:
        allowed = "a disk with space left, or another folder in LOWRES_CACHE"
        raise LowresError(target, f"cannot be written ({error.strerror or error})", allowed) from None


def _downloaded(one: Dataset, member: Member, progress: bool) -> Path:
    target = cache_folder() / member.path
    if not (member.url or member.member):
        how = one.derived or "it is not published as a file of its own"
        raise LowresError(
            f"data set {one.name}", f"{member.path} is not in the mirror or cache", f"--mirror DIR ({how}; {one.url})"
        )
    with _written(target) as partial:
        if member.url:
            _download(member.url, partial, progress)
        else:
            archive = cache_folder() / "archives" / PurePosixPath(one.url).name
            if not archive.is_file():
                with _written(archive) as partial_archive:
                    _download(one.url, partial_archive, progress)
            _extract(archive, member, partial)
        _check(
            partial,
            member,
            member.url or f"{one.url} ({member.member})",
            "the publisher changed it: --mirror DIR with the old file",
        )
    return target


def _download(url: str, target: Path, progress: bool) -> None:
    import pooch

    pooch.get_logger().setLevel("WARNING")
    try:
        pooch.retrieve(url, None, path=target.parent, fname=target.name, progressbar=_bar() if progress else False)
    except Exception as error:  # requests and pooch raise many kinds; every other one means: not downloaded
        if isinstance(error, OSError) and error.errno in _DISK:
            raise
        first = (str(error).splitlines() or [type(error).__name__])[0][:120]
        raise LowresError(url, f"not downloaded ({first})", "a network, or --mirror DIR with the file") from error


def _bar():
    from lowres.progress import DownloadBar

    return DownloadBar()


def _extract(archive: Path, member: Member, target: Path) -> None:
    """Write one member's bytes to `target`: no path of the archive is ever used as a path here."""
    try:
        with tarfile.open(archive, "r:gz") as tar:
            info = next((one for one in tar if one.name == member.member and one.isfile()), None)
            source = tar.extractfile(info) if info else None
            if source is None:
                raise LowresError(archive, f"no member {member.member}", "the archive as published")
            if member.content:
                _repack(source, target, member.member)
            else:
                with open(target, "wb") as file:
                    shutil.copyfileobj(source, file)
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        archive.unlink(missing_ok=True)
        raise LowresError(archive, f"a broken archive, now removed ({error})", "fetch it anew") from None


def _repack(lines: Iterable[bytes], target: Path, where: str) -> None:
    from lowres.formats.massive import compact_line

    with gzip.GzipFile(target, "wb", mtime=0) as file:
        for number, line in enumerate(lines, 1):
            file.write(compact_line(line, where, number))
