"""URIEL's typology in lang2vec's numpy arrays of languages, features and sources (github.com/antonisa/lang2vec)."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from lowres.errors import LowresError
from lowres.formats.lines import read_whole
from lowres.formats.records import parse_json

if TYPE_CHECKING:
    import numpy as np


def read_lang2vec(path: Path) -> Iterator[tuple[str, dict[str, float]]]:
    """(ISO 639-3, features from 0 to 1 by name): means over the sources that know one; others are left out."""
    import numpy as np

    names, languages, data = (_arrays(path)[key] for key in ("feats", "langs", "data"))
    for language, values in zip(languages, data, strict=True):  # values (features, sources), -1 where unknown
        known = values >= 0
        means = np.where(known, values, 0).sum(1) / np.maximum(known.sum(1), 1)
        yield str(language), {str(names[i]): float(means[i]) for i in np.flatnonzero(known.any(1))}


def _arrays(path: Path) -> dict[str, "np.ndarray"]:
    import numpy as np

    try:
        with np.load(path, allow_pickle=False) as file:
            found = {key: file[key] for key in ("feats", "langs", "data")}
    except Exception as error:  # on a broken file numpy, zip and zlib raise a dozen kinds, some with no base but this
        raise LowresError(path, f"no arrays ({str(error)[:80]})", "a .npz file with feats, langs and data") from None
    shape = found["data"].shape
    if len(shape) != 3 or shape[:2] != (len(found["langs"]), len(found["feats"])) or found["data"].dtype.kind != "f":
        raise LowresError(path, f"data of shape {shape}", "numbers by language, feature and source")
    return found


def read_language_codes(path: Path) -> Iterator[tuple[str, str]]:
    """(ISO 639-1, ISO 639-3) of a JSON object; the file is read whole."""
    value = parse_json(read_whole(path, "utf-8"), path)
    if not isinstance(value, dict) or not all(isinstance(code, str) for code in value.values()):
        raise LowresError(path, "no object of codes", '{"sw": "swa", …}')
    yield from value.items()
