"""FreeDict's TEI dictionaries (freedict.org): entries with headwords, a part of speech, translations by sense."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from lowres.errors import LowresError, at
from lowres.formats.parts import upos_of
from lowres.lexicon import Entry
from lowres.text import nfc

_TEXTS = ("def", "quote")


def read_freedict(path: Path) -> Iterator[Entry]:
    """Entries in file order; every <def> or <quote> of an entry is one translation, ranked by its place."""
    n_entries = 0
    try:
        for _, element in ElementTree.iterparse(path):
            if _name(element) == "entry":
                n_entries += 1
                yield from _entries(element)
                element.clear()
    except ElementTree.ParseError as error:
        raise LowresError(at(path, error.position[0]), f"broken XML ({error.msg})", "a whole TEI file") from None
    except (OSError, ValueError, LookupError) as error:
        raise LowresError(path, str(error), "a TEI file in UTF-8") from None
    if not n_entries:
        raise LowresError(path, "no <entry>", "a FreeDict TEI dictionary")


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _entries(entry: ElementTree.Element) -> Iterator[Entry]:
    heads = [_text(e) for e in entry.iter() if _name(e) == "orth"]
    upos = next((upos_of(_text(e)) for e in entry.iter() if _name(e) == "pos"), "")
    texts = [_text(e) for e in entry.iter() if _name(e) in _TEXTS]
    for head in filter(None, heads[:1]):
        for rank, text in enumerate(filter(None, texts)):
            yield Entry(head, text, upos, rank)


def _text(element: ElementTree.Element) -> str:
    return nfc(" ".join("".join(element.itertext()).split()))
