"""Texts as flat tensors: drawn, joined, switched and padded without a loop over rows, on any device.

A text is a run of words, a word a run of pieces. A separator ends every text as a word of its own, so that texts joined
into one row stand apart.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

import torch
from torch import Tensor

from lowres.model import IGNORE, MAX_PIECES, Example


@dataclass(slots=True)
class Store:
    """All texts. Integers are as small as their values allow; `word` and `text` hold starts, and one end."""

    pieces: Tensor  # (pieces,)
    word: Tensor  # (words + 1,) where a word's pieces start
    text: Tensor  # (texts + 1,) where a text's words start
    type: Tensor  # (words,) number of the word in the source lexicon, -1 of one that it lacks
    slot: Tensor  # (words,) label, IGNORE where there is none
    sound: Tensor  # (words,) number of what the word sounds like, -1 where nobody knows
    intent: Tensor  # (texts,) as slot
    language: Tensor  # (texts,) number
    size: Tensor  # (texts,) pieces, the separator included

    def to(self, device: torch.device | str) -> "Store":
        return Store(*(getattr(self, one.name).to(device) for one in fields(self)))


@dataclass(frozen=True, slots=True)
class Text:
    """One text to store: what a model reads of it, its language, and the numbers of its words, () where they have none."""

    example: Example
    types: Sequence[int] = ()  # in the source lexicon
    sounds: Sequence[int] = ()
    language: int = 0


def store_texts(texts: Iterable[Text], separator: int) -> Store:
    """Texts one after another."""
    pieces, word, text, kinds, slots, heard, intents, languages, sizes = [], [0], [0], [], [], [], [], [], []
    for one in texts:
        example = one.example
        for ids in (*example.pieces, (separator,)):
            pieces.extend(ids)
            word.append(len(pieces))
        n = len(example.pieces)
        sizes.append(example.n_pieces + 1)
        text.append(len(word) - 1)
        kinds += [*(one.types or [-1] * n), -1]
        heard += [*(one.sounds or [-1] * n), -1]
        slots += [*(example.slots or [IGNORE] * n), IGNORE]
        intents.append(example.intent)
        languages.append(one.language)
    return Store(
        torch.tensor(pieces, dtype=torch.int32), torch.tensor(word, dtype=torch.int32), torch.tensor(text, dtype=torch.int32),
        torch.tensor(kinds, dtype=torch.int32), torch.tensor(slots, dtype=torch.int16), torch.tensor(heard, dtype=torch.int32),
        torch.tensor(intents, dtype=torch.int16), torch.tensor(languages, dtype=torch.int16), torch.tensor(sizes, dtype=torch.int32),
    )  # fmt: skip


def unroll(start: Tensor, size: Tensor) -> tuple[Tensor, Tensor]:
    """Every element of some runs: the number of its run, and its place."""
    owner = torch.repeat_interleave(torch.arange(len(start), device=start.device), size)
    before = size.cumsum(0) - size
    return owner, (start - before)[owner] + torch.arange(len(owner), device=start.device)


@dataclass(slots=True)
class Rows:
    """One batch, and where its words are, in the order of the rows."""

    ids: Tensor  # (rows, pieces)
    mask: Tensor  # (rows, pieces)
    word: Tensor  # (rows, pieces): number of the word in this batch, -1 for what is no word
    row: Tensor  # (words,)
    column: Tensor  # (words,) of the first piece, 0 of a word cut off and of a separator
    slot: Tensor  # (words,)
    sound: Tensor  # (words,)
    intent: Tensor  # (rows,), of the first text
    language: Tensor  # (rows,), likewise


@dataclass(frozen=True, slots=True)
class Special:
    """Ids of the pieces that are no words, and the first id that is one."""

    first: int
    pad: int
    mask: int
    n: int
    n_pieces: int


def words_of(store: Store, texts: Tensor) -> tuple[Tensor, Tensor]:
    """Of texts (rows, texts in a row; -1 for none): the row of every word, and its number in the store."""
    row, _ = (texts >= 0).nonzero(as_tuple=True)
    texts = texts[texts >= 0]
    start = store.text[texts].long()
    owner, words = unroll(start, store.text[texts + 1] - start)
    return row[owner], words


def lay_out(
    store: Store, texts: Tensor, special: Special, words: tuple[Tensor, Tensor] | None = None, runs: tuple[Tensor, Tensor] | None = None
) -> Rows:
    """Texts (rows, texts in a row; -1 for none), joined row by row and padded; `runs` are start and size of each word's
    pieces where some words are written otherwise."""
    row, number = words or words_of(store, texts)
    start, size = runs or (store.word[number].long(), store.word[number + 1] - store.word[number])
    owner, place = unroll(start, size)
    pieces, at = store.pieces[place].long(), row[owner]
    n_rows = len(texts)
    sizes = torch.bincount(at, minlength=n_rows)
    column = 1 + torch.arange(len(at), device=at.device) - (sizes.cumsum(0) - sizes)[at]
    width = min(int(sizes.max()) + 1, MAX_PIECES)
    ids = torch.full((n_rows, width), special.pad, device=at.device)
    ids[:, 0] = special.first
    inside = column < width
    at, column, pieces, owner = at[inside], column[inside], pieces[inside], owner[inside]
    ids[at, column] = pieces
    word = torch.full_like(ids, -1)
    word[at, column] = torch.where(pieces < special.n, -1, owner)
    first = torch.zeros(len(number), dtype=torch.long, device=at.device)
    real = pieces >= special.n
    first.scatter_reduce_(0, owner[real], column[real], "amin", include_self=False)
    slot = torch.where(first > 0, store.slot[number].long(), IGNORE)
    sound = torch.where(first > 0, store.sound[number].long(), -1)
    begins = texts[:, 0]
    return Rows(
        ids, (ids != special.pad).long(), word, row, first, slot, sound, store.intent[begins].long(), store.language[begins].long()
    )


@dataclass(slots=True)
class Shelf:
    """Texts by language, or rows of several texts that belong together; a language is drawn by the root of its size."""

    texts: Tensor  # (rows, texts in a row)
    start: Tensor  # (languages + 1,)
    chance: Tensor  # (languages,)

    def to(self, device: torch.device | str) -> "Shelf":
        return Shelf(*(getattr(self, one.name).to(device) for one in fields(self)))

    def __len__(self) -> int:
        return len(self.texts)

    def draw(self, n: int, rng: torch.Generator) -> Tensor:
        """(n,) rows."""
        return self.draw_in(torch.multinomial(self.chance, n, replacement=True, generator=rng), rng)

    def draw_in(self, language: Tensor, rng: torch.Generator) -> Tensor:
        """A row for each language given, of any shape."""
        start = self.start[language]
        room = self.start[language + 1] - start
        return start + (torch.rand(language.shape, generator=rng, device=language.device) * room).long()


def shelve(groups: dict[str, Sequence], width: int = 1) -> Shelf:
    """From language -> texts, or tuples of `width` texts."""
    groups = {name: some for name, some in groups.items() if some}
    rows = torch.tensor([row for some in groups.values() for row in some]).reshape(-1, width)
    sizes = torch.tensor([len(some) for some in groups.values()], dtype=torch.long)
    start = torch.cat([torch.zeros(1, dtype=torch.long), sizes.cumsum(0)])
    return Shelf(rows.long(), start, sizes.float().sqrt())


def similar(sizes: Tensor, budget: int, rng: torch.Generator) -> Tensor:
    """Numbers of some rows of like size, about `budget` pieces in all, at least one: a share of the rows in order of size,
    so that every row is as likely as any other."""
    order = sizes.argsort()
    ordered = sizes[order].clamp(max=MAX_PIECES)
    total = ordered.cumsum(0)
    n = max(1, int(total[-1]) // max(budget, int(ordered[-1])))  # no share is so small that it has no row
    share = torch.div((total - 1) * n, total[-1], rounding_mode="floor")
    return order[share == torch.randint(n, (1,), generator=rng, device=sizes.device)]


@dataclass(slots=True)
class Switch:
    """Translations of the source's words: runs of pieces, by language and the word's number."""

    first: Tensor  # (languages, types): number of the first option
    count: Tensor  # (languages, types)
    start: Tensor  # (options,) in the store's pieces
    size: Tensor  # (options,)

    def to(self, device: torch.device | str) -> "Switch":
        return Switch(*(getattr(self, one.name).to(device) for one in fields(self)))

    def runs(self, store: Store, row: Tensor, number: Tensor, language: Tensor, share: Tensor, rng: torch.Generator):
        """Start and size of each word's pieces, given its row and number, and by row the language and the share of words to
        switch."""
        start, size = store.word[number].long(), (store.word[number + 1] - store.word[number]).long()
        kind, into = store.type[number].long(), language[row]
        count = self.count[into, kind.clamp(min=0)] * (kind >= 0)
        chance = torch.rand(2, len(row), generator=rng, device=row.device)
        switched = (count > 0) & (chance[0] < share[row])
        option = self.first[into, kind.clamp(min=0)] + (chance[1] * count).long()
        option = torch.where(switched, option, 0)
        return torch.where(switched, self.start[option].long(), start), torch.where(switched, self.size[option].long(), size)
