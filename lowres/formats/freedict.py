"""FreeDict's TEI dictionaries (freedict.org): entries with headwords, a part of speech, translations by sense."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from lowres.errors import LowresError, at
from lowres.formats.lines import read_numbered
from lowres.formats.parts import upos_of
from lowres.lexicon import Entry
from lowres.text import nfc

_TEXTS = ("def", "quote")


def read_freedict(path: Path) -> Iterator[Entry]:
    """Entries in file order; every <def> or <quote> of an entry is one translation, ranked by its place."""
    n_entries = 0
    for element in _elements(path):
        if _name(element) == "entry":
            n_entries += 1
            yield from _entries(element)
            element.clear()
    if not n_entries:
        raise LowresError(path, "no <entry>", "a FreeDict TEI dictionary")


def _elements(path: Path) -> Iterator[Element]:
    """Elements as they close."""
    parser, number = XMLPullParser(("end",)), 0
    try:
        for number, line in read_numbered(path):
            if "<!ENTITY" in line:  # entities of entities can grow without bound; FreeDict declares none
                raise LowresError(at(path, number), "an entity declaration", "a TEI file without <!ENTITY")
            parser.feed(line + "\n")
            yield from (element for _, element in parser.read_events())
        parser.close()
        yield from (element for _, element in parser.read_events())
    except ParseError as error:
        line = min(error.position[0], number)
        raise LowresError(at(path, line), f"broken XML ({error.msg.partition(':')[0]})", "a whole TEI file") from None


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _entries(entry: Element) -> Iterator[Entry]:
    heads = [_text(e) for e in entry.iter() if _name(e) == "orth"]
    upos = next((upos_of(_text(e)) for e in entry.iter() if _name(e) == "pos"), "")
    texts = [_text(e) for e in entry.iter() if _name(e) in _TEXTS]
    for head in filter(None, heads[:1]):
        for rank, text in enumerate(filter(None, texts)):
            yield Entry(head, text, upos, rank)


def _text(element: Element) -> str:
    return nfc(" ".join("".join(element.itertext()).split()))
