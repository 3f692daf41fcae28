"""A tagger as gzipped JSON."""

import gzip
import json
import zlib
from pathlib import Path

from lowres.errors import LowresError
from lowres.tagger import Tagger
from lowres.tagger.features import lanes_of, pack, unpack

TAGGER = "tagger.json.gz"


def write_tagger(path: Path, tagger: Tagger) -> None:
    """The same weights give the same bytes."""
    n_tags = len(tagger.tags)
    record = {
        "language": tagger.language, "tags": tagger.tags, "certain": tagger.certain, "kinds": tagger.kinds,
        "lemmas": tagger.lemmas, "edits": tagger.edits,
        "weights": {feature: unpack(row, n_tags) for feature, row in sorted(tagger.weights.items())},
    }  # fmt: skip
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    path.write_bytes(gzip.compress(text.encode("utf-8"), mtime=0))


def read_tagger(path: Path) -> Tagger:
    """The inverse of `write_tagger`; raises LowresError for any other file."""
    try:
        record = json.loads(gzip.decompress(path.read_bytes()))
        lanes = lanes_of(map(str, range(len(record["tags"]))))
        weights = {feature: pack(row, lanes) for feature, row in record["weights"].items()}
        edits = {key: (cut, ending) for key, (cut, ending) in record["edits"].items()}
        certain, kinds, lemmas = (dict(record[name]) for name in ("certain", "kinds", "lemmas"))
        return Tagger(record["tags"], weights, certain, kinds, lemmas, edits, str(record["language"]))
    except FileNotFoundError:
        raise LowresError(path, "no such file", "a tagger that `lowres tagger` wrote") from None
    except (OSError, EOFError, zlib.error, ValueError, LookupError, TypeError, AttributeError, OverflowError):
        raise LowresError(path, "not a tagger", "a file that `lowres tagger` wrote") from None
