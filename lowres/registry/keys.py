"""Keys that sign packages: EC P-256, kept outside of every package; whose signatures a client trusts.

What is signed is package.json, which holds the hash of every other file. The signature is model-signing's bundle
(in-toto statement in a DSSE envelope), written without white space: any other spelling of it is refused.
"""

import base64
import hashlib
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lowres.errors import LowresError, nearest
from lowres.registry.package import MANIFEST, SIGNATURE, Refused

PRIVATE, PUBLIC, TRUSTED = ".pem", ".pub", "trusted"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_CURVES = ("secp256r1", "secp384r1", "secp521r1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A public key by name; `own`: its private half is here, too."""

    name: str
    path: Path
    fingerprint: str  # SHA-256 of the public key, hexadecimal
    own: bool


def keys_folder() -> Path:
    """LOWRES_KEYS, else the user's folder of settings."""
    return Path(os.environ.get("LOWRES_KEYS") or Path.home() / ".config" / "lowres" / "keys")


def list_keys() -> list[Key]:
    """The own keys and the trusted ones, by name: all whose signatures count."""
    folder = keys_folder()
    own = [_key(path, own=True) for path in sorted(folder.glob("*" + PUBLIC))]
    return own + [_key(path, own=False) for path in sorted((folder / TRUSTED).glob("*" + PUBLIC))]


def make_key(name: str) -> Key:
    """A new pair of keys; one that is there is never overwritten."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    private = ec.generate_private_key(ec.SECP256R1())
    pem, plain, public = serialization.Encoding.PEM, serialization.NoEncryption(), serialization.PublicFormat.SubjectPublicKeyInfo
    secret = private.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    folder = keys_folder()
    _write_new(_named(folder, name, PRIVATE), secret, 0o600)
    _write_new(folder / (name + PUBLIC), private.public_key().public_bytes(pem, public), 0o644)
    return _key(folder / (name + PUBLIC), own=True)


def trust_key(path: Path, name: str = "") -> Key:
    """Count signatures by the public key in `path` from now on."""
    public = _read_public(path)
    target = _named(keys_folder() / TRUSTED, name or path.stem, PUBLIC)
    _write_new(target, public, 0o644)
    return _key(target, own=False)


def _named(folder: Path, name: str, suffix: str) -> Path:
    if not _NAME.fullmatch(name):
        raise LowresError("keys", f"name '{name}'", "small letters, digits, '.', '_' and '-'")
    return folder / (name + suffix)


def _write_new(path: Path, data: bytes, mode: int) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError:
        raise LowresError(path, "there is a key of that name", "another name") from None
    with os.fdopen(handle, "wb") as file:
        file.write(data)


def _key(path: Path, *, own: bool) -> Key:
    return Key(name=path.stem, path=path, fingerprint=_fingerprint(_read_public(path)), own=own)


def _read_public(path: Path) -> bytes:
    """PEM of the public key in a file, as it is signed for; LowresError where it is none."""
    from cryptography.hazmat.primitives import serialization

    pem, form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    try:
        public = serialization.load_pem_public_key(path.read_bytes())
        if public.curve.name not in _CURVES:
            raise ValueError(f"curve {public.curve.name}")
        return public.public_bytes(pem, form)
    except OSError as error:
        raise LowresError(path, error.strerror or str(error), "a public key that can be read") from None
    except (ValueError, AttributeError, TypeError) as error:
        raise LowresError(path, f"not a public key ({str(error)[:80]})", "PEM of an EC key, as `lowres keys make` writes it") from None


def _fingerprint(public: bytes) -> str:
    return hashlib.sha256(public).hexdigest()


def own_key(name: str) -> Path:
    """The private key of that name."""
    path = _named(keys_folder(), name, PRIVATE)
    if not path.is_file():
        known = [one.name for one in list_keys() if one.own]
        raise LowresError(f"key {name}", f"no private key in {path.parent}", f"lowres keys make {name}; {nearest(name, known)}")
    return path


def sign(folder: Path, key: str) -> None:
    """Write package.sig, the own key's signature of package.json."""
    signing, _ = _library()
    target = folder / SIGNATURE
    signing.Config().use_elliptic_key_signer(private_key=own_key(key)).sign(folder / MANIFEST, target)
    target.write_text(_compact(json.loads(target.read_text(encoding="utf-8"))), encoding="utf-8")


def signer(folder: Path) -> Key | None:
    """The known key that signed package.json; None where nobody did or the key is unknown; Refused where it is no signature of it."""
    path = folder / SIGNATURE
    if not path.is_file():
        return None
    hint = _hint(path)
    key = next((one for one in list_keys() if one.fingerprint == hint), None)
    if key is not None:
        _verify(folder, path, key)
    return key


def _verify(folder: Path, path: Path, key: Key) -> None:
    _, verifying = _library()
    try:
        verifying.Config().use_elliptic_key_verifier(public_key=key.path).verify(folder / MANIFEST, path)
    except Exception as error:  # the library raises many kinds, each of which means: not signed by this key
        first = (str(error).splitlines() or [type(error).__name__])[0][:100]
        raise Refused(path, f"signature: not {key.name}'s of this package.json ({first})", "the package as it was signed") from None


def _hint(path: Path) -> str:
    """The fingerprint in a signature; Refused where its text is not the one way to write it."""
    try:
        text = path.read_text(encoding="utf-8")
        bundle = json.loads(text)
        envelope = bundle["dsseEnvelope"]
        parts = [envelope["payload"], envelope["signatures"][0]["sig"]]
        if _compact(bundle) != text or any(base64.b64encode(base64.b64decode(one, validate=True)).decode() != one for one in parts):
            raise ValueError("spelt otherwise than lowres does")
        hint = bundle["verificationMaterial"]["publicKey"]["hint"]
        if bundle != _bundle(hint, *parts):
            raise ValueError("fields that do not belong there")
        return hint
    except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
        raise Refused(path, f"signature: {str(error)[:100]}", "package.sig as `lowres publish` writes it") from None


def _bundle(hint: str, payload: str, signature: str) -> dict[str, Any]:
    """All that a bundle may hold: fields that nobody signed have no room to say anything."""
    signatures = [{"sig": signature, "keyid": ""}]
    envelope = {"payload": payload, "payloadType": "application/vnd.in-toto+json", "signatures": signatures}
    material = {"publicKey": {"hint": hint}, "tlogEntries": []}
    return {"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json", "verificationMaterial": material, "dsseEnvelope": envelope}


def _compact(bundle: Any) -> str:
    return json.dumps(bundle, sort_keys=True, separators=(",", ":"))


def _library():
    try:
        from model_signing import signing, verifying
    except ImportError:
        raise LowresError("signatures", "model-signing is not installed", 'pip install "lowres[registry]"') from None
    return signing, verifying
