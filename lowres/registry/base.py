"""Which base an adapter belongs to: name, revision, and hashes of weights, config and tokenizer."""

from pathlib import Path

from lowres.catalog import sha256_of
from lowres.errors import LowresError
from lowres.registry.package import Base, Refused, digest_of
from lowres.resources import resources_folder

_KINDS = {
    "weights": ("*.safetensors", "*.safetensors.index.json"),  # of the encoder, and the label heads where the base has them
    "config": ("config.json", "labels.json"),
    "tokenizer": ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "*.model", "vocab.txt", "vocab.json", "merges.txt"),
}


def base_place(name: str, revision: str = "", folder: Path | None = None) -> Path | None:
    """Where a base's files lie: bundled, in a folder, or in the Hub's cache; None where they are not on this machine."""
    places = (resources_folder() / "models" / name, (folder or Path.cwd()) / name)
    return next((place for place in places if place.is_dir()), None) or _from_hub(name, revision)


def _from_hub(name: str, revision: str) -> Path | None:
    if "/" not in name:
        return None
    from huggingface_hub import try_to_load_from_cache

    found = try_to_load_from_cache(name, "config.json", revision=revision or None)
    return Path(found).parent if isinstance(found, str) else None


def identify_base(name: str, folder: Path | None = None) -> Base:
    """Name, revision and hashes of a base on this machine; `name` may be owner/name@revision."""
    plain, _, revision = name.partition("@")
    place = base_place(plain, revision, folder)
    if place is None:
        raise LowresError(f"base {name}", "not on this machine", "lowres-mini, a folder, or a Hub name that was used once")
    if not any(place.glob("*.safetensors")):
        raise LowresError(f"base {name}", "no weights in safetensors", "a base whose weights are no pickle")
    hashes = {kind: _digest(place, patterns) for kind, patterns in _KINDS.items()}
    return Base(name=plain, revision=_snapshot(place), **hashes)


def _digest(place: Path, patterns: tuple[str, ...]) -> str:
    paths = sorted(path for pattern in patterns for path in place.glob(pattern))
    return digest_of({path.name: sha256_of(path) for path in paths})


def _snapshot(place: Path) -> str:
    """The commit of a Hub's snapshot; '' for any other folder."""
    return place.name if place.parent.name == "snapshots" else ""


def check_base(wanted: Base, where: object, folder: Path | None = None, *, needed: bool = False) -> None:
    """Refused where the base of that name on this machine is not the one that the adapter was trained on.

    A base that is not here yet is compared when the adapter is read; then it is `needed`.
    """
    if base_place(wanted.name, wanted.revision, folder) is None:
        if needed:
            raise Refused(where, f"base: {wanted.spec} is not on this machine", "the base that the adapter was trained on")
        return
    found = identify_base(wanted.spec, folder)
    for part in ("revision", "weights", "config", "tokenizer"):
        theirs, ours = getattr(wanted, part), getattr(found, part)
        if theirs != ours:
            shown = f"{part} {_short(ours)} of {wanted.name} here, {_short(theirs)} in the package"
            raise Refused(where, f"base: {shown}", "the base that the adapter was trained on")


def _short(text: str) -> str:
    return text[:12] + "…" if len(text) == 64 else text or "none"
