"""Signed texts: invitation links, and the cookie of who signed in. The secret lies beside the database, for its owner alone."""

import hashlib
import os
import secrets
from pathlib import Path
from typing import Any

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer, base64_decode, base64_encode

from lowres.errors import LowresError

SECRET = "LOWRES_SECRET"
INVITATION, COOKIE = "invitation", "cookie"  # purposes: what is signed for one is nothing to the other
_SHORTEST = 32  # characters of a secret
_DAY = 24 * 60 * 60
LONGEST = {INVITATION: 366 * _DAY, COOKIE: 180 * _DAY}  # seconds


class Refused(LowresError):
    """A link or cookie that is not good, or no longer; `status` is HTTP's."""

    def __init__(self, where: object, found: str, allowed: str = "", status: int = 400) -> None:
        super().__init__(where, found, allowed)
        self.status = status


def sign(secret: str, purpose: str, value: Any) -> str:
    """A text for links and cookies that `read` turns back into the value, with the time in it."""
    return _serializer(secret, purpose).dumps(value)


def read(secret: str, purpose: str, text: str) -> Any:
    """The value of a signed text; Refused where nobody here signed it, or too long ago."""
    try:
        value = _serializer(secret, purpose).loads(text[:2000], max_age=LONGEST[purpose])
        _check_spelling(text)
        return value
    except SignatureExpired:
        raise Refused(purpose, "too old", "ask for a new one", 410) from None
    except BadSignature:
        raise Refused(purpose, "not made here, or changed on its way", "the whole link, as it was sent", 400) from None


def _check_spelling(text: str) -> None:
    """Base64 has several spellings of one signature; only the one that was made is taken."""
    signature = text.rpartition(".")[2].encode()
    if base64_encode(base64_decode(signature)) != signature:
        raise BadSignature("another spelling")


def _serializer(secret: str, purpose: str) -> URLSafeTimedSerializer:
    signer = {"digest_method": hashlib.sha256, "key_derivation": "hmac"}
    return URLSafeTimedSerializer(secret, salt=f"lowres.{purpose}", signer_kwargs=signer)


def find_secret(database: str) -> str:
    """The secret of a database: from the environment, else from the file beside it, which is made where it is not there."""
    if given := os.environ.get(SECRET):
        if len(given) < _SHORTEST:
            raise LowresError(SECRET, f"{len(given)} characters", f"at least {_SHORTEST} that nobody can guess")
        return given
    path = _beside(database)
    if not path.exists():
        _make(path)
    if path.stat().st_mode & 0o077:
        raise LowresError(path, "others may read the secret", f"only its owner: chmod 600 {path}")
    return path.read_text(encoding="ascii").strip()


def _beside(database: str) -> Path:
    path = database.removeprefix("sqlite:///")
    if "://" in path:
        allowed = f"at least {_SHORTEST} characters that nobody can guess: the database is no file to keep them beside"
        raise LowresError(SECRET, "not set", allowed)
    return Path(f"{Path(path).expanduser().absolute()}.secret")


def _make(path: Path) -> None:
    """Whole or not at all: a server that starts at the same moment reads the same secret."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    try:
        os.link(partial, path)
    except FileExistsError:
        pass
    finally:
        partial.unlink()
