"""An adapter that is on this machine, ready to be served."""

from dataclasses import dataclass
from pathlib import Path

from lowres.registry.client import Pulled, shelf
from lowres.registry.keys import signer


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """One version of an adapter. `language` is ISO 639-3, `locale` BCP 47; `profile` is what the identifier knows it by."""

    name: str
    version: str
    language: str
    locale: str
    folder: Path
    profile: Path | None = None


def from_shelf(base: str, *, signed: bool = False) -> list[Installed]:
    """The newest version of every adapter over that base that was pulled; `signed` leaves out what no known key signed."""
    found = [one for one in shelf() if one.package.base.name == base.partition("@")[0]]
    if signed:
        found = [one for one in found if signer(one.folder)]
    return [installed(one) for one in found]


def installed(one: Pulled) -> Installed:
    """A pulled package as it is served."""
    package = one.package
    return Installed(
        name=package.name, version=package.version, language=package.language, locale=package.locale, folder=one.folder, profile=one.profile
    )
