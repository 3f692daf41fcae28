"""A character transducer: from lemma and features to the form, one edit after another, learnt from the cells of a table.

A small network sees the lemma around the reading position and at both ends, the letters written so far, and the
features, and chooses to copy a letter, delete it, insert one, or end.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from lowres.inflection import texts as seen
from lowres.inflection.edits import COPY, DELETE, END, align, spell_out, vowels
from lowres.inflection.network import Adam, Settings, Weights, actions_of, fresh_weights, slopes_of
from lowres.inflection.texts import MARGIN, N_AROUND, N_FIXED, N_SLOTS, OTHER, Alphabet, Texts
from lowres.text import join_syllables, nfc, split_syllables

Row = tuple[str, frozenset[str], str]  # lemma, features, form
_COPY, _DELETE, _END, _INSERT = range(4)  # numbers of actions; insertions from the last on
_LONGER = 40  # letters that a form may have more than its lemma
_FORBIDDEN = np.float32(-1e9)
_BATCHES, _BATCH = 400, 32  # in an epoch at least, so that small tables get enough steps; letters in one at least
_AT_ONCE = 1 << 14  # letters


@dataclass(slots=True)
class Transducer:
    """Learnt by `learn_transducer`."""

    alphabet: Alphabet
    weights: Weights
    _tables: np.ndarray | None = field(default=None, repr=False, compare=False)

    @property
    def tables(self) -> np.ndarray:
        """What each symbol in each slot adds to the first layer's sums, (slots, symbols, hidden)."""
        if self._tables is None:
            first = self.weights["first"]
            self._tables = np.matmul(self.weights["letters"][None], first.reshape(N_SLOTS, -1, first.shape[1]))
        return self._tables

    def predict(self, lemmas: Sequence[str], bundles: Sequence[frozenset[str]]) -> list[tuple[str, float]]:
        """(form, log probability) of every question, the likeliest edit at each step."""
        found: list[tuple[str, float]] = [("", 0.0)] * len(lemmas)
        split = [_letters(lemma) for lemma in lemmas]
        for part in _batches(list(map(len, split))):
            writer = Writer(self, [split[n] for n in part], [bundles[n] for n in part])
            for n, answer in zip(part, writer.write(), strict=True):
                found[n] = answer
        return found

    def chances(self, lemmas: Sequence[str], bundles: Sequence[frozenset[str]], forms: Sequence[str]) -> list[float]:
        """Log probability of given forms, by the edits that training would see in them; -inf where no edits lead there."""
        found = [-math.inf] * len(lemmas)
        ours, theirs = [_letters(lemma) for lemma in lemmas], [_letters(form) for form in forms]
        edits = [spell_out(*one) for one in zip(ours, theirs, align(ours, theirs), strict=True)]
        known = set(self.alphabet.actions)
        may = [n for n, one in enumerate(edits) if known.issuperset(one) and len(theirs[n]) < len(ours[n]) + _LONGER]
        for part in _batches([len(ours[n]) for n in may]):
            rows = [may[k] for k in part]
            scorer = Scorer(self, [ours[n] for n in rows], [bundles[n] for n in rows], [theirs[n] for n in rows])
            for n, chance in zip(rows, scorer.chances([edits[n] for n in rows]), strict=True):
                found[n] = chance
        return found

    def second(self, lemma: str, bundle: frozenset[str]) -> list[tuple[str, float]]:
        """Two forms at most, the likelier first: the likeliest edits, and those after the runner-up of the closest choice."""
        writer = Writer(self, [_letters(lemma)], [bundle])
        first = writer.write()
        other = Writer(self, [_letters(lemma)], [bundle])
        found = first + other.write(turn=(writer.closest[0], writer.runner_up[0]))
        return sorted(dict(reversed(found)).items(), key=lambda one: -one[1])


def _batches(sizes: Sequence[int]) -> Iterator[list[int]]:
    """Numbers of questions, those of one size together, as many at once as memory should hold."""
    part: list[int] = []
    for n in sorted(range(len(sizes)), key=sizes.__getitem__):
        if part and (sizes[n] + 1) * (len(part) + 1) > _AT_ONCE:
            yield part
            part = []
        part.append(n)
    if part:
        yield part


class Scorer:
    """Scores of every action at any step of a batch of lemmas, whose forms are given or still to be written into `texts`.

    The first layer's sums are taken from tables: by slot and symbol, and by reading position.
    """

    def __init__(
        self, transducer: Transducer, lemmas: list[str], bundles: Sequence[frozenset[str]], forms: Sequence[str] = ()
    ) -> None:
        self.alphabet, self.weights = transducer.alphabet, transducer.weights
        self.room = max(map(len, lemmas)) + _LONGER
        self.texts = seen.encode(self.alphabet, lemmas, forms, room=self.room)
        self.state_tables = transducer.tables[N_AROUND + N_FIXED :]
        self.features = self.alphabet.bundles(lemmas, bundles) @ self.weights["features"] + self.weights["bias1"]
        numbers: dict[str, int] = {}
        self.lemma_of = np.array([numbers.setdefault(lemma, len(numbers)) for lemma in lemmas])
        self.sums = self._sums(transducer.tables, seen.encode(self.alphabet, list(numbers)))

    def _sums(self, tables: np.ndarray, texts: Texts) -> np.ndarray:
        """Of different lemmas, at every reading position: (lemmas, positions, hidden)."""
        width = int(texts.sizes.max()) + 1
        fixed = sum(table[column] for table, column in zip(tables[N_AROUND:], seen.fixed(texts).T, strict=False))
        around = sum(table[texts.lemma[:, at : at + width]] for table, at in zip(tables, seen.AROUND, strict=False))
        return fixed[:, None] + around

    def scores(self, row: np.ndarray, read: np.ndarray, written: np.ndarray, inserted: np.ndarray) -> np.ndarray:
        """(steps, actions), hopeless for what may not come next."""
        sums = self.sums[self.lemma_of[row], read]
        added = self.features[row]
        sums += added
        state = seen.state(self.texts, self.alphabet, row, read, written, inserted)
        for table, column in zip(self.state_tables, state.T, strict=True):
            sums += np.take(table, column, 0, added, "clip")  # into the same memory again and again
        scores, size = actions_of(self.weights, sums), self.texts.sizes[row]
        over = read >= size
        scores[over, :_END] = _FORBIDDEN
        scores[~over, _END] = _FORBIDDEN
        scores[inserted > 0, _DELETE] = _FORBIDDEN
        scores[written >= size + _LONGER - 1, _INSERT:] = _FORBIDDEN
        return scores

    def chances(self, edits: Sequence[Sequence[str]]) -> list[float]:
        """Log probability of the actions that lead to each given form."""
        steps = _steps(edits, {action: n for n, action in enumerate(self.alphabet.actions)})
        scores = self.scores(steps.row, steps.read, steps.written, steps.inserted)
        taken = log_chances(scores, steps.action)
        return np.bincount(steps.row, taken, len(edits)).tolist()


def log_chances(scores: np.ndarray, choice: np.ndarray) -> np.ndarray:
    """Log of the softmax of each row of `scores` at its choice."""
    top = scores.max(1)
    return scores[np.arange(len(scores)), choice] - top - np.log(np.exp(scores - top[:, None]).sum(1))


class Writer:
    """One batch being written, the likeliest action at each step."""

    def __init__(self, transducer: Transducer, lemmas: list[str], bundles: Sequence[frozenset[str]]) -> None:
        self.scorer, self.alphabet = Scorer(transducer, lemmas, bundles), transducer.alphabet
        n, room = len(lemmas), self.scorer.room
        self.letters = np.array(["", "", "", *self.alphabet.actions[_INSERT:]], "U1")
        self.symbols = np.array([self.alphabet.letters.get(one, OTHER) for one in self.letters])
        self.vowel = self.alphabet.is_vowel()
        self.read, self.written, self.inserted = (np.zeros(n, np.int32) for _ in range(3))
        self.chance, self.gap = np.zeros(n), np.full(n, np.inf)
        self.closest, self.runner_up = np.zeros(n, np.int32), np.zeros(n, np.int32)
        # letters beside their symbols, as lemmas may have some that the alphabet lacks
        self.lemmas = np.array(lemmas, f"U{max(map(len, lemmas)) + 1}")[:, None].view("U1")
        self.forms = np.zeros((n, room), "U1")

    def write(self, turn: tuple[int, int] | None = None) -> list[tuple[str, float]]:
        """(form, log probability) of every lemma. `turn` is a step at which another action than the likeliest is taken."""
        live = np.arange(len(self.lemmas))
        for step in range(2 * self.scorer.room):
            scores = self.scorer.scores(live, self.read[live], self.written[live], self.inserted[live])
            choice = np.full(len(live), turn[1]) if turn and turn[0] == step else scores.argmax(1)
            self._note(live, scores, choice, step)
            self._act(live, choice)
            live = live[choice != _END]
            if not len(live):
                break
        forms = self.forms.view(f"U{self.scorer.room}")[:, 0].tolist()
        return [(join_syllables(form), chance) for form, chance in zip(forms, self.chance.tolist(), strict=True)]

    def _note(self, live: np.ndarray, scores: np.ndarray, choice: np.ndarray, step: int) -> None:
        """Chances, and where the choice was closest."""
        rows = np.arange(len(live))
        taken = scores[rows, choice]
        self.chance[live] += log_chances(scores, choice)
        scores[rows, choice] = 2 * _FORBIDDEN
        gap = taken - scores.max(1)
        closer = gap < self.gap[live]
        self.gap[live[closer]] = gap[closer]
        self.closest[live[closer]] = step
        self.runner_up[live[closer]] = scores.argmax(1)[closer]

    def _act(self, live: np.ndarray, choice: np.ndarray) -> None:
        copied, inserted = choice == _COPY, choice >= _INSERT
        wrote, read, texts = copied | inserted, self.read[live], self.scorer.texts
        rows, at = live[wrote], self.written[live[wrote]]
        self.forms[rows, at] = np.where(copied, self.lemmas[live, read], self.letters[choice])[wrote]
        texts.written[rows, at + MARGIN] = np.where(copied, texts.lemma[live, read + MARGIN], self.symbols[choice])[wrote]
        seen.note_vowel(texts, self.vowel, rows, at + MARGIN)
        self.read[live] += choice <= _DELETE
        self.written[live] += wrote
        self.inserted[live] = np.where(copied, 0, self.inserted[live] + inserted)


@dataclass(slots=True)
class Steps:
    """Every decision in every cell: its row, letters read and written, letters inserted since the last was copied, the action."""

    row: np.ndarray
    read: np.ndarray
    written: np.ndarray
    inserted: np.ndarray
    action: np.ndarray


def _steps(spelt: Sequence[Sequence[str]], numbers: dict[str, int]) -> Steps:
    rows: list[tuple[int, int, int, int, int]] = []
    for n, actions in enumerate(spelt):
        i = j = k = 0
        for action in actions:
            rows.append((n, i, j, k, numbers[action]))
            if action == COPY:
                i, j, k = i + 1, j + 1, 0
            elif action == DELETE:
                i += 1
            else:
                j, k = j + 1, k + 1
    return Steps(*np.array(rows, np.int32).T)


@dataclass(slots=True)
class Lessons:
    """The cells made ready for training."""

    alphabet: Alphabet
    texts: Texts
    bundles: np.ndarray
    steps: Steps
    inner: np.ndarray  # (row, lemma column, form column) of letters copied between copied letters

    def of(self, rows: np.ndarray) -> "Lessons":
        """Those of some rows (a mask)."""
        kept = rows[self.steps.row]
        steps = Steps(*(getattr(self.steps, name)[kept] for name in Steps.__slots__))
        return Lessons(self.alphabet, self.texts, self.bundles, steps, self.inner)


def prepare(cells: Sequence[Row]) -> Lessons:
    """Align every cell and spell out its edits."""
    lemmas, forms = [_letters(lemma) for lemma, _, _ in cells], [_letters(form) for *_, form in cells]
    shared = align(lemmas, forms)
    spelt = [spell_out(*one) for one in zip(lemmas, forms, shared, strict=True)]
    letters = sorted(set("".join(lemmas + forms)))
    inserted = sorted({action for actions in spelt for action in actions} - {COPY, DELETE, END})
    features = sorted({feature for _, bundle, _ in cells for feature in bundle})
    alphabet = Alphabet(
        {letter: n + 2 for n, letter in enumerate(letters)},
        {feature: n for n, feature in enumerate(features)},
        [COPY, DELETE, END, *inserted],
        vowels(sorted({*lemmas, *forms})),
    )
    steps = _steps(spelt, {action: n for n, action in enumerate(alphabet.actions)})
    inner = [
        (n, p + MARGIN, q + MARGIN)
        for n, pairs in enumerate(shared)
        for (a, b), (p, q), (c, d) in zip(pairs, pairs[1:], pairs[2:], strict=False)
        if c - a == d - b == 2
    ]
    bundles = alphabet.bundles(lemmas, [bundle for _, bundle, _ in cells])
    return Lessons(alphabet, seen.encode(alphabet, lemmas, forms), bundles, steps, np.array(inner, np.int32).reshape(-1, 3))


def learn_transducer(lessons: Lessons, settings: Settings, weights: Weights | None = None) -> Transducer:
    """`weights`, where given, are trained further, in place."""
    rng, alphabet = np.random.default_rng(settings.seed), lessons.alphabet
    if weights is None:
        weights = fresh_weights(alphabet.n_symbols, N_SLOTS, alphabet.n_features, len(alphabet.actions), settings, rng)
    adam, steps, done = Adam(weights, settings.decay), lessons.steps, 0
    batch = max(_BATCH, min(settings.batch, len(steps.row) // _BATCHES))
    total = settings.epochs * -(-len(steps.row) // batch)
    for _ in range(settings.epochs):
        texts, order = invent(lessons, settings.invented, rng), rng.permutation(len(steps.row))
        for start in range(0, len(order), batch):
            part = order[start : start + batch]
            slots = _slots(texts, alphabet, steps, part)
            slots[rng.random(slots.shape, np.float32) < settings.blank] = OTHER
            slopes = slopes_of(weights, slots, lessons.bundles[steps.row[part]], steps.action[part], settings.dropout, rng)
            adam.step(slopes, settings.rate * min(1, (done + 1) / 100) * (1 - done / total))
            done += 1
    return Transducer(alphabet, weights)


def _slots(texts: Texts, alphabet: Alphabet, steps: Steps, part: np.ndarray) -> np.ndarray:
    row, read = steps.row[part], steps.read[part]
    state = seen.state(texts, alphabet, row, read, steps.written[part], steps.inserted[part])
    return np.concatenate([seen.around(texts, row, read), seen.fixed(texts, row), state], 1)


def invent(lessons: Lessons, share: float, rng: np.random.Generator) -> Texts:
    """The texts, in a share of which letters within copied stretches are others, consonants for consonants, so that stems
    are not learnt by heart (Anastasopoulos and Neubig, 2019)."""
    texts, inner, vowel = lessons.texts, lessons.inner, lessons.alphabet.is_vowel()
    if not share or not len(inner):
        return texts
    lemma, written = texts.lemma.copy(), texts.written.copy()
    rows = rng.random(len(lemma)) < share
    row, p, q = inner[rows[inner[:, 0]] & (rng.random(len(inner)) < 0.6)].T
    old, drawn = lemma[row, p], inner[rng.integers(0, len(inner), len(row))]
    new = texts.lemma[drawn[:, 0], drawn[:, 1]]
    lemma[row, p] = written[row, q] = np.where(vowel[new] | vowel[old], old, new)
    return seen.complete(lessons.alphabet, lemma, texts.sizes, written)


def _letters(word: str) -> str:
    """The letters that edits are made of: a change of vowels within an Ethiopic root is an edit of its own."""
    return split_syllables(nfc(word))
