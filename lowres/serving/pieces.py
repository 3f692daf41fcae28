"""Words to piece ids in bounded memory: a server meets new words for ever."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from lowres.model import PieceReader
from lowres.text import bare, fold

T = TypeVar("T")


class Memo(dict):
    """What was found for each key; emptied when it holds `most`."""

    def __init__(self, most: int = 1 << 15) -> None:
        super().__init__()
        self._most = most

    def recall(self, key, find: Callable[[], T]) -> T:
        """What was found for `key`, else what `find` finds."""
        found = self.get(key)
        if found is None:
            if len(self) >= self._most:
                self.clear()
            found = self[key] = find()
        return found


class Pieces:
    """As `model.PieceReader`; what words are split into is remembered in `memo` for all adapters of a base together."""

    def __init__(self, reader: PieceReader, memo: Memo, own: Mapping[str, int]) -> None:
        self.first, self.last, self.pad, self.own = reader.first, reader.last, reader.pad, own
        self._reader, self._memo = reader, memo

    def pieces(self, word: str) -> tuple[int, ...]:
        """Piece ids of one word, at least one."""
        own = self.own.get(fold(bare(word))) if self.own else None
        return (own,) if own is not None else self._memo.recall(word, lambda: self._reader.split(word))
