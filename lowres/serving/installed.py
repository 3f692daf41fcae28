"""An adapter that is on this machine, ready to be served."""

import logging
from dataclasses import dataclass
from pathlib import Path

from lowres.errors import LowresError
from lowres.registry.check import check_signature, hash_file
from lowres.registry.client import Pulled, shelf
from lowres.registry.package import MANIFEST, PROFILE, Refused

_log = logging.getLogger("lowres")


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """One version of an adapter. `language` is ISO 639-3, `locale` BCP 47; `profile` is what the identifier knows it by."""

    name: str
    version: str
    language: str
    locale: str
    folder: Path
    profile: Path | None = None
    manifest: str = ""  # SHA-256 of the package.json that was listed; what is served must still be that package
    signed: bool = False  # and by a known key


def check_installed(one: Installed) -> None:
    """Refused where the package on the disk is no longer the one that was listed; all other checks are made where it is read."""
    if one.manifest:
        if not (one.folder / MANIFEST).is_file() or hash_file(one.folder / MANIFEST) != one.manifest:
            raise Refused(one.folder / MANIFEST, "hash: another package.json than the one that was listed", "start the server anew")
        check_signature(one.folder, signed=one.signed)


def installed_adapters(base: str, *, signed: bool = False) -> list[Installed]:
    """The newest version of every adapter over that base that was pulled; `signed` leaves out what no known key signed."""
    found = [one for one in shelf() if one.package.base.name == base.partition("@")[0]]
    return [installed(one, signed) for one in found if _is_fit(one, signed)]


def _is_fit(one: Pulled, signed: bool) -> bool:
    """Whether the signature and the profile, by which texts are sent to it, are the package's; its weights are checked when they are read."""
    try:
        check_signature(one.folder, signed=signed)
        if hash_file(one.profile) != one.package.files[PROFILE].sha256:
            raise Refused(one.profile, "hash: not as in package.json", "lowres pull it again")
    except (LowresError, OSError) as error:
        _log.warning("passed over: %s", error)
        return False
    return True


def installed(one: Pulled, signed: bool = False) -> Installed:
    """A pulled package as it is served."""
    package = one.package
    return Installed(
        name=package.name, version=package.version, language=package.language, locale=package.locale, folder=one.folder,
        profile=one.profile, manifest=hash_file(one.folder / MANIFEST), signed=signed,
    )  # fmt: skip
