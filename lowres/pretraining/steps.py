"""One step of each kind of example: drawn, hidden or switched, and learnt from."""

from dataclasses import dataclass, fields, replace

import torch
from torch import Tensor

from lowres.pretraining.config import LossWeights
from lowres.pretraining.learner import Learner, hide_words
from lowres.pretraining.store import Rows, Shelf, Special, Store, Switch, lay_out, similar, words_of

_LEAST_SWITCHED = 0.3  # share of the words that have a translation
_IN_ONE_LANGUAGE = ("labelled", "source", "text")
_ENTRIES = (3, 8)  # in one row


@dataclass(slots=True)
class Library:
    """All that steps draw from; tensors on one device."""

    store: Store
    special: Special
    labelled: Shelf  # utterances
    shared: Shelf  # utterances that another locale has as well
    text: Shelf
    verses: Shelf  # rows of two texts: a verse, and the verse in English
    entries: Shelf  # rows of two texts: a word, and its gloss
    groups: Tensor  # (meanings, locales): utterances of one meaning, -1 where a locale lacks it
    meaning: Tensor  # (texts,): row in groups, -1
    english: Shelf  # texts without labels, to be switched into any language
    source: Shelf  # the source's labelled utterances, to be switched into `open_language`s
    switch: Switch
    any_language: Tensor  # (languages,) chance of each in switching
    open_language: Tensor  # likewise, 0 for those kept for measuring
    sounds: Tensor  # (sounds, features)

    def to(self, device: torch.device | str) -> "Library":
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return Library(**{name: value.to(device) if hasattr(value, "to") else value for name, value in values.items()})

    def has(self, kind: str) -> bool:
        """Whether there are examples of a kind."""
        match kind:
            case "switched":
                return len(self.english) > 0 and bool(self.any_language.sum() > 0)
            case "relabelled":
                return len(self.source) > 0 and bool(self.open_language.sum() > 0)
        return len(self.shelf(kind)) > 0

    def shelf(self, kind: str) -> Shelf:
        """What the rows of a kind are drawn from."""
        kind = kind.removeprefix("aligned_")
        return self.shared if kind in ("parallel", "utterances") else getattr(self, kind)


def step_losses(
    model: Learner, teacher: Learner, library: Library, kind: str, budget: int, share: float, counts: LossWeights, rng: torch.Generator
) -> tuple[dict[str, Tensor], int]:
    """Losses by name of one step of about `budget` pieces, a `share` of words hidden; and the pieces that were read.

    The `teacher`, which may be the model, says how switched text is to be read. Of sound and language only what `counts`.
    """
    if kind.startswith("aligned"):
        return _aligned(model, library, kind, budget, rng)
    if kind in ("switched", "relabelled"):
        return _switched(model, teacher, library, budget, rng, labelled=kind == "relabelled")
    rows = lay_out(library.store, draw(library, kind, budget, rng), library.special)
    hidden = hide_words(rows, share, library.special, rng)
    states = model.states(rows)
    losses = {"words": model.words_loss(states, hidden)} if hidden.shape[1] else {}
    if kind in ("labelled", "source"):
        losses["labels"] = model.labels_loss(states, rows)
    if counts.language and kind in _IN_ONE_LANGUAGE:
        losses["language"] = model.language_loss(states, rows, away=counts.language < 0)
    if counts.sound and (heard := model.sound_loss(states, rows, hidden, library.sounds)) is not None:
        losses["sound"] = heard
    return losses, int(rows.mask.sum())


def _aligned(model: Learner, library: Library, kind: str, budget: int, rng: torch.Generator) -> tuple[dict[str, Tensor], int]:
    texts = draw(library, kind, budget, rng)
    sides = [lay_out(library.store, texts[:, side : side + 1], library.special) for side in (0, 1)]
    pooled = [model.pooled(model.states(rows), rows) for rows in sides]
    return {"contrast": model.contrast_loss(*pooled)}, sum(int(rows.mask.sum()) for rows in sides)


def _switched(
    model: Learner, teacher: Learner, library: Library, budget: int, rng: torch.Generator, *, labelled: bool
) -> tuple[dict[str, Tensor], int]:
    """The switched text is to be read as the teacher reads the original."""
    original, rows = draw_switched(library, budget // 2, rng, labelled=labelled)
    aim = _at_rest(teacher, original)
    states = model.states(rows)
    losses = dict(zip(("near", "apart"), model.guided_losses(states, rows, aim, original), strict=True))
    if labelled:
        losses["labels"] = model.labels_loss(states, rows)
    return losses, int(rows.mask.sum() + original.mask.sum())


@torch.no_grad()
def _at_rest(model: Learner, rows: Rows) -> tuple[Tensor, tuple[Tensor, Tensor]]:
    """What a model makes of rows without dropout: states, and the logits of its heads."""
    was = model.training
    model.eval()
    states = model.states(rows)
    found = states, model.heads(states, rows)
    model.train(was)
    return found


def draw(library: Library, kind: str, budget: int, rng: torch.Generator) -> Tensor:
    """A batch of one kind: texts (rows, texts in a row), -1 for none; rows are of like size, about `budget` pieces in all."""
    n = _n_drawn(budget)
    shelf = library.shelf(kind)
    if kind == "entries":
        texts = _packed(shelf, n, rng)
    else:
        texts = shelf.texts[shelf.draw(n, rng)]
    if kind in ("parallel", "aligned_utterances"):
        texts = torch.cat([texts, _partner(library, texts[:, 0], rng)[:, None]], 1)
    if kind in ("parallel", "verses"):
        texts = torch.where(torch.rand(n, 1, generator=rng, device=texts.device) < 0.5, texts.flip(1), texts)
    return of_like_size(library.store, texts, budget, rng)


def _n_drawn(budget: int) -> int:
    """Rows to choose those of like size from: more than are taken."""
    return max(64, budget // 3)


def of_like_size(store: Store, texts: Tensor, budget: int, rng: torch.Generator) -> Tensor:
    sizes = torch.where(texts >= 0, store.size[texts.clamp(min=0)], 0).sum(1) + 1
    return texts[similar(sizes, budget, rng)]


def _packed(shelf: Shelf, n: int, rng: torch.Generator) -> Tensor:
    """Rows of several entries of one language."""
    least, most = _ENTRIES
    language = torch.multinomial(shelf.chance, n, replacement=True, generator=rng)
    rows = shelf.draw_in(language[:, None].expand(n, most), rng)
    kept = torch.randint(least, most + 1, (n, 1), generator=rng, device=rows.device)
    texts = torch.where((torch.arange(most, device=rows.device) < kept)[..., None], shelf.texts[rows], -1)
    return texts.flatten(1)


def _partner(library: Library, texts: Tensor, rng: torch.Generator) -> Tensor:
    """Of every utterance the same in another locale."""
    group = library.groups[library.meaning[texts]]
    other = (group >= 0) & (group != texts[:, None])
    chance = torch.rand(group.shape, generator=rng, device=group.device).masked_fill(~other, -1)
    return group.gather(1, chance.argmax(1, keepdim=True))[:, 0].long()


def draw_switched(library: Library, budget: int, rng: torch.Generator, *, labelled: bool) -> tuple[Rows, Rows]:
    """Texts in English, and the same with words of one language in each: labelled utterances and languages that nothing
    is kept in, or other texts and any language."""
    store, special = library.store, library.special
    shelf, chance = (library.source, library.open_language) if labelled else (library.english, library.any_language)
    texts = of_like_size(store, shelf.texts[shelf.draw(_n_drawn(budget), rng)], budget, rng)
    words = words_of(store, texts)
    language = torch.multinomial(chance, len(texts), replacement=True, generator=rng)
    share = _LEAST_SWITCHED + (1 - _LEAST_SWITCHED) * torch.rand(len(texts), generator=rng, device=texts.device)
    runs = library.switch.runs(store, *words, language, share, rng)
    original = lay_out(store, texts, special, words)
    return original, replace(lay_out(store, texts, special, words, runs), intent=original.intent)
