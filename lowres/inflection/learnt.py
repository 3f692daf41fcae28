"""What a table teaches about lemmas that it lacks: forms with the chance that they are right, measured on held-out lemmas."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from zipfile import BadZipFile
from zlib import crc32

import numpy as np

from lowres.inflection.endings import Endings, learn_endings
from lowres.inflection.network import Settings
from lowres.inflection.texts import Alphabet
from lowres.inflection.transducer import Row, Transducer, learn_transducer, prepare

VERSION = 4  # of a file of `write_learnt`
LEAST = 400  # cells below which a network learns too little, and endings vote alone
LONGEST = 64  # characters of a lemma or form that is learnt from
PRECISION = 0.95  # wanted of the answers that pass the threshold
_CAUTION = 2.0  # standard errors that PRECISION must be exceeded by
_ENOUGH = 0.6  # share of the answers; where no more than these would pass, no caution is asked
_RIDGE = 0.1
_PARTS, _HELD_OUT = 5, 2  # of so many parts of the lemmas so many are held out, one after the other
_ENDINGS_THRESHOLD = 0.5
_REVISION = 4  # a revision with all cells takes one epoch for so many without the held-out lemmas


@dataclass(frozen=True, slots=True)
class Judge:
    """Logistic regression of being right on what is known of an answer; `threshold` keeps the wanted precision."""

    weights: tuple[float, ...] = ()
    threshold: float = _ENDINGS_THRESHOLD

    def confidence(self, evidence: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-(evidence @ np.array(self.weights))))


@dataclass(slots=True)
class Learnt:
    """Endings alone, or a transducer and endings whose two answers are judged: the surer one counts."""

    endings: Endings
    transducer: Transducer | None = None
    judge: Judge = field(default_factory=Judge)

    def best(self, lemmas: Sequence[str], bundles: Sequence[frozenset[str]]) -> list[tuple[str, float]]:
        """(form, confidence) of every question; ("", 0.0) where nothing was learnt."""
        if self.transducer is None:
            ranked = (self.endings.ranked(*question) for question in zip(lemmas, bundles, strict=True))
            return [next(iter(found), ("", 0.0)) for found in ranked]
        if not lemmas:
            return []
        table, *opinions = evidence_of_both(self.endings, self.transducer, lemmas, bundles)
        sure = self.judge.confidence(table)
        return [(opinions[k][n][0], float(sure[n, k])) for n, k in enumerate(sure.argmax(1).tolist())]

    def ranked(self, lemma: str, bundle: frozenset[str]) -> list[tuple[str, float]]:
        """(form, confidence), the surest first."""
        voted = self.endings.ranked(lemma, bundle)
        if self.transducer is None:
            return voted
        answers = dict(self.transducer.second(lemma, bundle))
        rest = [form for form, _ in voted if form not in answers]
        answers |= zip(rest, self.transducer.chances([lemma] * len(rest), [bundle] * len(rest), rest), strict=True)
        n = len(answers)
        confidence = self.judge.confidence(evidence([voted] * n, list(answers.items())))
        return sorted(zip(answers, confidence.tolist(), strict=True), key=lambda one: (-one[1], one[0]))

    def analyse(self, form: str) -> list[tuple[str, frozenset[str], float]]:
        """(lemma, features, confidence) of what is inflected to `form`: its confidence times its share of the votes."""
        origins = self.endings.origins(form)
        found = self.best([lemma for lemma, _, _ in origins], [bundle for _, bundle, _ in origins])
        same = [(*origin, sure) for origin, (made, sure) in zip(origins, found, strict=True) if made == form]
        total = sum(votes * sure for _, _, votes, sure in same)
        ranked = ((lemma, bundle, sure * votes * sure / total) for lemma, bundle, votes, sure in same)
        return sorted(ranked, key=lambda one: (-one[2], one[0], sorted(one[1])))


Answer = tuple[str, float]  # a form, and its log probability in the transducer or its share of the votes


def evidence_of_both(
    endings: Endings, transducer: Transducer, lemmas: Sequence[str], bundles: Sequence[frozenset[str]]
) -> tuple[np.ndarray, list[Answer], list[Answer]]:
    """(questions, 2, 5) evidence of the transducer's answers and of the endings'; and these answers, with the log
    probability that the transducer gives them. Endings without another answer second the transducer's."""
    answers = transducer.predict(lemmas, bundles)
    votes = [endings.ranked(*question) for question in zip(lemmas, bundles, strict=True)]
    others = [n for n, voted in enumerate(votes) if voted and voted[0][0] != answers[n][0]]
    forms, seconds = [votes[n][0][0] for n in others], list(answers)
    chances = transducer.chances([lemmas[n] for n in others], [bundles[n] for n in others], forms)
    for n, form, chance in zip(others, forms, chances, strict=True):
        seconds[n] = form, chance
    return np.stack([evidence(votes, answers), evidence(votes, seconds)], 1), answers, seconds


def evidence(votes: Sequence[Sequence[Answer]], answers: Sequence[Answer]) -> np.ndarray:
    """(answers, 5): 1, the log chance and its root, the shares of the endings' votes for the answer and for its best rival."""
    table = np.ones((len(answers), 5))
    for row, voted, (form, chance) in zip(table, votes, answers, strict=True):
        shares = dict(voted)
        lost = min(-chance, 20.0)
        row[1:] = -lost, -(lost**0.5), shares.pop(form, 0.0), max(shares.values(), default=0.0)
    return table


def fit_judge(table: np.ndarray, right: np.ndarray, lemma: np.ndarray) -> Judge:
    """Logistic regression by Newton's method with a slight ridge, from evidence (questions, 2, 5) and whether each answer
    is right (questions, 2); `lemma` names the lemma of each question.

    Two answers that are one count once. Where no threshold keeps the precision wanted, none is passed.
    """
    apart = (table[:, 0] != table[:, 1]).any(1)
    rows, good = (np.concatenate([both[:, 0], both[apart, 1]]) for both in (table, right))
    weights = np.zeros(rows.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-(rows @ weights)))
        slope = rows.T @ (p - good) + _RIDGE * weights
        curve = (rows * (p * (1 - p))[:, None]).T @ rows + _RIDGE * np.eye(len(weights))
        weights -= np.linalg.solve(curve, slope)
    judge = Judge(tuple(weights.tolist()))
    sure = judge.confidence(table)
    chosen = np.arange(len(sure)), sure.argmax(1)
    return replace(judge, threshold=_threshold(sure[chosen], right[chosen], np.unique(lemma, return_inverse=True)[1]))


def _threshold(confidence: np.ndarray, right: np.ndarray, lemma: np.ndarray) -> float:
    """The lowest that keeps PRECISION, by a cautious estimate as long as more than _ENOUGH of the answers pass."""
    for floor in np.sort(confidence)[:: max(1, len(confidence) // 100)]:
        passed = confidence >= floor
        caution = _CAUTION if passed.mean() > _ENOUGH else 0.0
        if _precision(right[passed], lemma[passed], caution) >= PRECISION:
            return float(floor)
    return 2.0


def _precision(right: np.ndarray, lemma: np.ndarray, caution: float) -> float:
    """An estimate `caution` standard errors below the mean. A lemma's answers are right or wrong together, so
    lemmas are the sample; one wrong answer that was not met is counted."""
    n, wrong = np.bincount(lemma), np.bincount(lemma, 1 - right)
    n, wrong = np.append(n[n > 0], 1), np.append(wrong[n > 0], 1)
    mean = wrong.sum() / n.sum()
    return 1 - mean - caution * float(np.sqrt(((wrong - mean * n) ** 2).sum())) / n.sum()


def learn(cells: Sequence[Row], settings: Settings | None = None, minimum: int = 2) -> Learnt:
    """From (lemma, features, form): networks without held-out lemmas, a judge on these, then a revision with all.

    `minimum` votes are asked of endings where they are not judged.
    """
    cells = [cell for cell in cells if max(len(cell[0]), len(cell[2])) <= LONGEST]
    if len(cells) < LEAST:
        return Learnt(learn_endings(cells, minimum))
    settings = settings or Settings()
    parts = np.array([crc32(lemma.encode()) % _PARTS for lemma, _, _ in cells])
    lessons, trials = prepare(cells), []
    for part in range(_HELD_OUT):
        transducer = learn_transducer(lessons.of(parts != part), settings)
        known, held = ([cell for cell, at in zip(cells, parts, strict=True) if (at == part) == out] for out in (False, True))
        trials.append(_tried(_judged_endings(known), transducer, held))
    judge = fit_judge(*map(np.concatenate, zip(*trials, strict=True)))
    revision = replace(settings, epochs=-(-settings.epochs // _REVISION), rate=settings.rate / 3, seed=settings.seed + 1)
    return Learnt(_judged_endings(cells), learn_transducer(lessons, revision, transducer.weights), judge)


def _judged_endings(cells: Sequence[Row]) -> Endings:
    """Endings that vote even where a single lemma has them: how much that says the judge has learnt."""
    return learn_endings(cells, 1)


def _tried(endings: Endings, transducer: Transducer, held: Sequence[Row]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Evidence of both answers, 1 for right, and the lemma (of no other part) of each question.

    An answer is right that is any of the forms of its cell.
    """
    forms: dict[tuple[str, frozenset[str]], set[str]] = defaultdict(set)
    for lemma, bundle, form in held:
        forms[lemma, bundle].add(form)
    lemmas, bundles = [lemma for lemma, _ in forms], [bundle for _, bundle in forms]
    table, *opinions = evidence_of_both(endings, transducer, lemmas, bundles)
    right = [[form in cell for form, _ in both] for *both, cell in zip(*opinions, forms.values(), strict=True)]
    return table, np.array(right, float), np.array(lemmas, str)


def recall(cells: Sequence[Row], folder: Path | None, minimum: int = 2) -> Learnt:
    """What the cells teach, from the folder where the same cells were learnt before; several processes learn once.

    A folder that cannot be written is no folder, a file that cannot be read is written anew.
    """
    if folder is None or len(cells) < LEAST:
        return learn(cells, minimum=minimum)
    from filelock import FileLock

    lines = ["\t".join((lemma, form, *sorted(bundle))) for lemma, bundle, form in cells]
    digest = hashlib.sha256("\n".join([str(VERSION), *lines]).encode()).hexdigest()
    path = folder / f"{digest[:24]}.npz"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_suffix(".lock")):
            return _read(path, cells) or _learn_into(path, cells, minimum)
    except OSError:
        return learn(cells, minimum=minimum)


def _read(path: Path, cells: Sequence[Row]) -> Learnt | None:
    try:
        return read_learnt(path, cells)
    except (OSError, ValueError, KeyError, TypeError, BadZipFile):
        return None


def _learn_into(path: Path, cells: Sequence[Row], minimum: int) -> Learnt:
    learnt = learn(cells, minimum=minimum)
    if learnt.transducer:
        write_learnt(path, learnt)
    return learnt


def write_learnt(path: Path, learnt: Learnt) -> None:
    """The transducer and its judge in numpy's own format; endings are learnt anew."""
    alphabet = asdict(learnt.transducer.alphabet) | {"vowels": sorted(learnt.transducer.alphabet.vowels)}
    about = json.dumps({"alphabet": alphabet, "judge": asdict(learnt.judge)}, ensure_ascii=False)
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        np.savez(file, about=np.array(about), **learnt.transducer.weights)
    part.replace(path)


def read_learnt(path: Path, cells: Sequence[Row]) -> Learnt:
    """The inverse of `write_learnt`, given the same cells."""
    with np.load(path, allow_pickle=False) as arrays:
        about: Mapping = json.loads(str(arrays["about"]))
        weights = {name: arrays[name] for name in arrays.files if name != "about"}
    alphabet = Alphabet(**about["alphabet"] | {"vowels": frozenset(about["alphabet"]["vowels"])})
    judge = Judge(tuple(about["judge"]["weights"]), about["judge"]["threshold"])
    return Learnt(_judged_endings(cells), Transducer(alphabet, weights), judge)
