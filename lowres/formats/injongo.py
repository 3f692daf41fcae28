"""InjongoIntent's JSON lines (github.com/masakhane-io/masakhane-nlu)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lowres.errors import LowresError
from lowres.formats.records import join_chunks, make_utterance, read_records, text_of
from lowres.utterance import Utterance


def read_injongo(path: Path, *, locale: str = "und", partition: str | None = None) -> Iterator[Utterance]:
    """Utterances; `start_byte` and `limit_byte` are character offsets in spite of their names, in the published text.

    Ids are example id and intent, since published example ids start anew with each intent. A span that overlaps
    an earlier one is left out (two published utterances have such).
    """
    for where, record in read_records(path):
        text, slots = join_chunks(_chunks(record, where), where)
        intent = text_of(record, "intent", where)
        name = f"{text_of(record, 'example_id', where)}-{intent}"
        yield make_utterance(where, id=name, text=text, slots=slots, locale=locale, intent=intent, partition=partition)


def _chunks(record: dict[str, Any], where: str) -> Iterator[tuple[str, str]]:
    # Offsets count the published characters, some of them decomposed, so the text is cut before it is normalised.
    text, position = text_of(record, "text", where), 0
    for start, end, name in sorted(_spans(record, len(text), where)):
        if start >= position:
            yield text[position:start], ""
            yield text[start:end], name
            position = end
    yield text[position:], ""


def _spans(record: dict[str, Any], size: int, where: str) -> Iterator[tuple[int, int, str]]:
    spans = record.get("spans")
    if not isinstance(spans, list) or not all(isinstance(span, dict) for span in spans):
        raise LowresError(where, "no list 'spans'", "spans: [{start_byte, limit_byte, label}, …]")
    for span in spans:
        start, end = span.get("start_byte"), span.get("limit_byte")
        if type(start) is not int or type(end) is not int or not 0 <= start < end <= size:
            raise LowresError(
                where, f"a span from {start!r:.20} to {end!r:.20}", f"whole numbers from 0 to {size}, in order"
            )
        yield start, end, text_of(span, "label", where)
