"""What changed between two runs on one test set, and what in their training pairs explains it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lowres.errors import LowresError
from lowres.evaluation.predictions import Answer, Span, is_exact, same_utterances, slot_spans
from lowres.evaluation.scores import RESAMPLES, SEED, Flips, SystemScores, count, flips, score, score_difference
from lowres.evaluation.tables import NONE, overlap
from lowres.text import fold, nfc, words
from lowres.utterance import Utterance, word_labels

if TYPE_CHECKING:
    from lowres.synthesis import Kept

CAUSES = ("missing", "mislabelled", "unseen", "unexplained")  # what can be mended first
N_WORDS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a run's training pairs knew of a folded word form: how often they had it, and what it mostly was.

    `origin` is a lexicon's name, 'rule:…', 'paradigm:…' or 'copy', `gloss` what it rendered with that origin,
    `label` a slot name or 'O'.
    """

    count: int
    origin: str
    gloss: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One thing read wrongly: 'intent', or a slot that was 'missed', 'spurious', of wrong 'borders' or 'label'.

    `text` is the gold span, of a spurious slot the predicted one; '' for an intent.
    """

    kind: str
    gold: str
    predicted: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedWord:
    """A word of an utterance, its gold label ('O': none), and what a run knew of it."""

    word: str
    label: str
    known: Known | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Why the run that failed may have failed where the other was right, by the words of the utterance.

    `missing`: never seen by the run that failed, but by the other, which knew this of them. `mislabelled`:
    seen by the run that failed, mostly under another label than gold. `unseen`: by neither.
    """

    missing: tuple[TracedWord, ...]
    mislabelled: tuple[TracedWord, ...]
    unseen: tuple[TracedWord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An utterance that one run read exactly right and the other did not; `mistakes` are the other's."""

    id: str
    text: str
    intent: str
    mistakes: tuple[Mistake, ...]
    trace: Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """How many lost (or won) utterances have a word of this kind and origin; the most frequent of these words.

    `kind` is a field of `Trace`, or 'unexplained'. An utterance with words of several kinds counts in each.
    """

    kind: str
    origin: str
    n: int
    words: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two runs on the same utterances; `difference` is new minus old, paired."""

    old_name: str
    new_name: str
    n: int
    old: SystemScores
    new: SystemScores
    difference: SystemScores
    flips: Flips
    lost: tuple[Change, ...]  # exactly right in the old run only
    won: tuple[Change, ...]  # in the new run only
    lost_causes: tuple[Cause, ...]
    won_causes: tuple[Cause, ...]


def compare(
    old: Sequence[Answer],
    new: Sequence[Answer],
    old_words: Mapping[str, Known],
    new_words: Mapping[str, Known],
    *,
    old_name: str = "old",
    new_name: str = "new",
    n_resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Comparison:
    """Compare answers to the same utterances; the words are those of `known_words` for each run's pairs."""
    new = same_utterances("compare", old, new)
    draws = {"n_resamples": n_resamples, "seed": seed}
    before, after = count(old), count(new)
    lost = tuple(_changes(old, new, old_words, new_words))
    won = tuple(_changes(new, old, new_words, old_words))
    return Comparison(
        old_name=old_name,
        new_name=new_name,
        n=len(old),
        old=score(before, **draws),
        new=score(after, **draws),
        difference=score_difference(before, after, **draws),
        flips=flips(old, new, **draws),
        lost=lost,
        won=won,
        lost_causes=sum_causes(lost),
        won_causes=sum_causes(won),
    )


def _changes(
    right: Sequence[Answer],
    failed: Sequence[Answer],
    right_words: Mapping[str, Known],
    failed_words: Mapping[str, Known],
) -> Iterator[Change]:
    for one, other in zip(right, failed, strict=True):
        if is_exact(one) and not is_exact(other):
            yield Change(
                id=one.gold.id,
                text=one.gold.text,
                intent=str(one.gold.intent),
                mistakes=mistakes(other),
                trace=trace(one.gold, right_words, failed_words),
            )


def mistakes(answer: Answer) -> tuple[Mistake, ...]:
    """Everything that was read wrongly, the intent first, then slots in gold order, then spurious ones."""
    gold, predicted = slot_spans(answer.gold), slot_spans(answer.predicted)
    spoken = words(answer.gold.text)
    found = []
    if answer.gold.intent != answer.predicted.intent:
        read = answer.predicted.intent or NONE
        found.append(Mistake(kind="intent", gold=str(answer.gold.intent), predicted=read, text=""))
    found += [_slot_mistake(span, predicted, spoken) for span in gold if span not in predicted]
    spurious = [span for span in predicted if not any(overlap(span, other) for other in gold)]
    found += [Mistake(kind="spurious", gold=NONE, predicted=s[0], text=_text(s, spoken)) for s in spurious]
    return tuple(found)


def _slot_mistake(span: Span, predicted: Sequence[Span], spoken: Sequence[str]) -> Mistake:
    over = [other[0] for other in predicted if overlap(span, other)]
    kind = "missed" if not over else "borders" if span[0] in over else "label"
    read = {"missed": NONE, "borders": span[0]}.get(kind) or over[0]
    return Mistake(kind=kind, gold=span[0], predicted=read, text=_text(span, spoken))


def _text(span: Span, spoken: Sequence[str]) -> str:
    return " ".join(spoken[span[1] : span[2] + 1])


def trace(gold: Utterance, right_words: Mapping[str, Known], failed_words: Mapping[str, Known]) -> Trace:
    """Each word of `gold` that the run that failed did not know, or knew as something else; each once."""
    missing, mislabelled, unseen = [], [], []
    labelled = dict.fromkeys(zip(map(fold, words(gold.text)), word_labels(gold), strict=True))
    for word, label in labelled:
        known, other = failed_words.get(word), right_words.get(word)
        if known is None:
            side = missing if other else unseen
            side.append(TracedWord(word=word, label=label, known=other))
        elif known.label != label:
            mislabelled.append(TracedWord(word=word, label=label, known=known))
    return Trace(missing=tuple(missing), mislabelled=tuple(mislabelled), unseen=tuple(unseen))


def sum_causes(changes: Iterable[Change]) -> tuple[Cause, ...]:
    """Changes by cause, in the order of `CAUSES`, within a kind the most frequent origin first."""
    totals: Counter[tuple[str, str]] = Counter()
    spoken: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for change in changes:
        found = set(_causes(change.trace)) or {("unexplained", "", "")}
        totals.update({(kind, origin) for kind, origin, _ in found})
        for kind, origin, word in found:
            spoken[kind, origin].update([word] if word else [])
    made = [
        Cause(kind=kind, origin=origin, n=n, words=_most_frequent(spoken[kind, origin]))
        for (kind, origin), n in totals.items()
    ]
    return tuple(sorted(made, key=lambda cause: (CAUSES.index(cause.kind), -cause.n, cause.origin)))


def _causes(found: Trace) -> Iterator[tuple[str, str, str]]:
    for kind in CAUSES[:-1]:
        for traced in getattr(found, kind):
            yield kind, traced.known.origin if traced.known else "", traced.word


def _most_frequent(counted: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:N_WORDS])


def known_words(kept_pairs: Iterable["Kept"]) -> dict[str, Known]:
    """What training pairs knew of each folded word form; the first seen wins a tie."""
    origins: defaultdict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    labels: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for kept in kept_pairs:
        for form, origin, gloss, label in _labelled(kept):
            origins[form][origin, gloss] += 1
            labels[form][label] += 1
    return {form: _known(origins[form], labels[form]) for form in origins}


def _labelled(kept: "Kept") -> Iterator[tuple[str, str, str, str]]:
    """(folded form, origin, gloss, label) of each word; a fixed phrase gives its origin and gloss to all its words."""
    forms = [(form, word) for word in kept.words for form in words(nfc(word.form))]
    if [form for form, _ in forms] != words(kept.utterance.text):
        raise LowresError(
            f"pair {kept.utterance.id}", f"words that do not make up {kept.utterance.text!r}", "its words"
        )
    for (form, word), label in zip(forms, word_labels(kept.utterance), strict=True):
        yield fold(form), word.origin, word.gloss, label


def _known(origins: Counter[tuple[str, str]], labels: Counter[str]) -> Known:
    by_origin: Counter[str] = Counter()
    for (origin, _), n in origins.items():
        by_origin[origin] += n
    origin = by_origin.most_common(1)[0][0]
    gloss = max((key for key in origins if key[0] == origin), key=origins.__getitem__)[1]
    return Known(count=origins.total(), origin=origin, gloss=gloss, label=labels.most_common(1)[0][0])


def format_comparison(comparison: Comparison) -> dict[str, Any]:
    """A JSON object of `comparison`."""
    from pydantic import TypeAdapter

    return TypeAdapter(Comparison).dump_python(comparison, mode="json")
