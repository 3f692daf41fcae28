"""Where the errors are: per intent, per slot, confusions, and what to improve first."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from lowres.evaluation.predictions import Answer, Span, is_exact, slot_spans
from lowres.text import fold, words
from lowres.utterance import Utterance

NONE = "O"  # no slot, as in IOB2


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One intent or one slot.

    `support` and `n_predicted` count utterances (intents) or spans (slots). `accuracy` is the share of
    the utterances whose gold has it in which it is fully right: the intent; all slots of that name and no
    other of it. `exact_match` is the share of these same utterances that are right altogether.
    """

    name: str
    support: int
    n_predicted: int
    precision: float
    recall: float
    f1: float
    accuracy: float
    exact_match: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Confusion:
    """How often `gold` was read as `predicted`; 'O' is no slot, and a slot read as itself has wrong borders."""

    gold: str
    predicted: str
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What an intent or a slot costs in exact matches.

    `n` utterances are wrong and this is (part of) why; in `n_alone` of them it is the only reason, so
    that mending it alone wins them. `example` is the id of the first.
    """

    kind: str  # 'intent' or 'slot'
    name: str
    n: int
    n_alone: int
    share: float  # n of all utterances
    example: str


class _Tally:
    """Running counts of one name."""

    def __init__(self) -> None:
        self.gold = self.predicted = self.right = self.utterances = self.all_right = self.exact = 0

    def row(self, name: str) -> Row:
        return Row(
            name=name,
            support=self.gold,
            n_predicted=self.predicted,
            precision=_share(self.right, self.predicted),
            recall=_share(self.right, self.gold),
            f1=_share(2 * self.right, self.gold + self.predicted),
            accuracy=_share(self.all_right, self.utterances),
            exact_match=_share(self.exact, self.utterances),
        )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def intent_rows(answered: Iterable[Answer]) -> tuple[Row, ...]:
    """Every intent that is meant or predicted, most frequent first."""
    return _rows((answer, [(str(answer.gold.intent), 0, 0)], _intent_span(answer)) for answer in answered)


def _intent_span(answer: Answer) -> list[Span]:
    return [(answer.predicted.intent, 0, 0)] if answer.predicted.intent else []


def slot_rows(answered: Iterable[Answer]) -> tuple[Row, ...]:
    """Every slot that is meant or predicted, most frequent first."""
    return _rows((answer, slot_spans(answer.gold), slot_spans(answer.predicted)) for answer in answered)


def _rows(read: Iterable[tuple[Answer, list[Span], list[Span]]]) -> tuple[Row, ...]:
    tallies: defaultdict[str, _Tally] = defaultdict(_Tally)
    for answer, gold, predicted in read:
        exact = is_exact(answer)
        for name, *_ in predicted:
            tallies[name].predicted += 1
        for span in gold:
            tallies[span[0]].gold += 1
            tallies[span[0]].right += span in predicted
        for name in {name for name, *_ in gold}:
            tally = tallies[name]
            tally.utterances += 1
            tally.all_right += _only(name, gold) == _only(name, predicted)
            tally.exact += exact
    rows = [tally.row(name) for name, tally in tallies.items()]
    return tuple(sorted(rows, key=lambda row: (-row.support, row.name)))


def _only(name: str, spans: list[Span]) -> list[Span]:
    return [span for span in spans if span[0] == name]


def intent_confusions(answered: Iterable[Answer]) -> tuple[Confusion, ...]:
    """(gold intent, predicted intent, count) where they differ, most frequent first."""
    pairs = ((str(a.gold.intent), a.predicted.intent or NONE) for a in answered if a.gold.intent != a.predicted.intent)
    return _confusions(pairs)


def slot_confusions(answered: Iterable[Answer]) -> tuple[Confusion, ...]:
    """(gold slot, predicted slot, count), most frequent first: a wrong gold span with each span predicted over it."""
    return _confusions(pair for a in answered for pair in _span_confusions(slot_spans(a.gold), slot_spans(a.predicted)))


def _span_confusions(gold: list[Span], predicted: list[Span]) -> Iterator[tuple[str, str]]:
    missed = [span for span in gold if span not in predicted]
    for span in missed:
        over = [other[0] for other in predicted if overlap(span, other)]
        yield from ((span[0], name) for name in over or [NONE])
    for span in predicted:
        if not any(overlap(span, other) for other in gold):
            yield NONE, span[0]


def overlap(a: Span, b: Span) -> bool:
    """Whether two spans share a word."""
    return a[1] <= b[2] and b[1] <= a[2]


def _confusions(pairs: Iterable[tuple[str, str]]) -> tuple[Confusion, ...]:
    counted = Counter(pairs)
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Confusion(gold=gold, predicted=predicted, n=n) for (gold, predicted), n in ordered)


def reasons(answer: Answer) -> list[tuple[str, str]]:
    """Why an answer is not exact: its gold intent if that was misread, else every slot name that is wrong."""
    if answer.gold.intent != answer.predicted.intent:
        return [("intent", str(answer.gold.intent))]
    wrong = set(slot_spans(answer.gold)) ^ set(slot_spans(answer.predicted))
    return [("slot", name) for name in sorted({name for name, *_ in wrong})]


def costs(answered: Sequence[Answer]) -> tuple[Cost, ...]:
    """Intents and slots by the exact matches they cost, dearest first: what to improve first."""
    found: defaultdict[tuple[str, str], list[tuple[str, bool]]] = defaultdict(list)
    for answer in answered:
        why = reasons(answer)
        for reason in why:
            found[reason].append((answer.gold.id, len(why) == 1))
    made = [
        Cost(
            kind=kind,
            name=name,
            n=len(ids),
            n_alone=sum(alone for _, alone in ids),
            share=len(ids) / len(answered),
            example=ids[0][0],
        )
        for (kind, name), ids in found.items()
    ]
    return tuple(sorted(made, key=lambda cost: (-cost.n, -cost.n_alone, cost.kind, cost.name)))


def unknown_words(
    utterances: Iterable[Utterance], is_known: Callable[[str], bool], *, limit: int = 100
) -> tuple[tuple[str, int], ...]:
    """The most frequent folded words of the texts that `is_known` denies, with their counts; figures are left out."""
    counted = Counter(fold(word) for utterance in utterances for word in words(utterance.text))
    unknown = [(word, n) for word, n in counted.items() if any(map(str.isalpha, word)) and not is_known(word)]
    return tuple(sorted(unknown, key=lambda item: (-item[1], item[0]))[:limit])
