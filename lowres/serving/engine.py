"""The engine: texts of many languages read in one batch over one base, with the answers of `reading.predict`."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from lowres.errors import LowresError
from lowres.gloss import gloss_utterance
from lowres.model import Example, encode_text
from lowres.reading import gloss_pieces
from lowres.serving.base import Base, Resident, open_base
from lowres.serving.blocks import Forward, Logits, Row, read_rows
from lowres.serving.decoding import Found, Reading, decode, log_softmax, mix
from lowres.serving.pool import Pool
from lowres.serving.resident import read_resident
from lowres.utterance import Utterance

MEMORY = 512 << 20  # bytes of adapters


@dataclass(frozen=True, slots=True)
class _Asked:
    """One text with its rows of the batch: the text as it is, and glossed with the word that each word of the gloss stands for."""

    text: str
    reader: Resident
    first: int
    second: int | None = None
    owners: tuple[int, ...] = ()


class Engine:
    """One base, and adapters over it in at most `memory` bytes; `check` sees a folder before it is read. Threads take turns."""

    def __init__(
        self, base: Base, *, memory: int = MEMORY, forward: Forward | None = None, check: Callable[[Path], None] = lambda folder: None
    ) -> None:
        self.base = base
        self.pool = Pool(lambda folder: (check(folder), read_resident(folder, base))[1], memory)
        self._forward, self._turn = forward or base.encoder.read, threading.Lock()

    def read(self, texts: Sequence[str], folders: Sequence[Path | None]) -> list[Found | LowresError]:
        """Intent and slots of each text, NFC and not empty, by the adapter in its folder, or by the base itself for None.

        Where an adapter is broken, its own texts alone have the error instead.
        """
        with self._turn:
            readers = {folder: self._reader(folder) for folder in dict.fromkeys(folders)}
            rows: list[Row] = []
            asked = [_ask(*pair, rows) for pair in zip(texts, (readers[folder] for folder in folders), strict=True)]
            logits = read_rows(rows, self.base, self._forward) if rows else []
        return [one if isinstance(one, LowresError) else _answer(one, logits) for one in asked]

    def _reader(self, folder: Path | None) -> Resident | LowresError:
        try:
            if folder is not None:
                return self.pool.get(folder)
        except LowresError as error:
            return error
        return self.base.own or LowresError(self.base.name, "a base without label heads", "an adapter for each utterance")


def _ask(text: str, reader: Resident | LowresError, rows: list[Row]) -> _Asked | LowresError:
    """Append the rows of one text."""
    if isinstance(reader, LowresError):
        return reader
    foreign = reader.glosser is not None and not reader.glosser.is_source(text)
    glosses = gloss_pieces(text, reader.glosser if foreign and reader.beside else None, reader.pieces)
    first = len(rows)
    example = encode_text(text, reader.pieces)
    rows.append(Row(reader, Example(example.pieces, glosses[: len(example.pieces)])))
    if not (foreign and reader.again):
        return _Asked(text, reader, first)
    glossed, owners = gloss_utterance(Utterance(id="", text=text, locale="und"), reader.glosser)
    rows.append(Row(reader, encode_text(glossed.text, reader.pieces)))
    return _Asked(text, reader, first, first + 1, owners)


def _answer(asked: _Asked, logits: Sequence[Logits]) -> Found | LowresError:
    read = _reading(logits[asked.first])
    if asked.second is not None:
        read = mix(read, _reading(logits[asked.second]), asked.owners)
    transitions: Tensor | None = asked.reader.transitions
    try:
        return decode(asked.text, read, asked.reader.labels, None if transitions is None else transitions.float().numpy())
    except LowresError as error:
        return error


def _reading(logits: Logits) -> Reading:
    intents, slots = logits
    return log_softmax(intents.numpy()), log_softmax(slots.numpy())


def open_engine(base: str = "lowres-mini", *, memory: int = MEMORY, base_from: Path | None = None) -> Engine:
    """An engine over the base of that name."""
    return Engine(open_base(base, base_from), memory=memory)
