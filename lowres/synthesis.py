"""Synthesis: apply the rules, keep or reject with a reason, count what happened."""

import json
import random
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lowres.bundles import ATOMS
from lowres.errors import LowresError
from lowres.fluency import Fluency, spoken
from lowres.lexicon import FUNCTION_WORDS, Lexicon
from lowres.pair import COPY, Pair, Rejected, Word, is_missed, read_pair, render
from lowres.rules import Resources, Rule, rule_name
from lowres.tally import Tally
from lowres.text import fold, foreign_letters
from lowres.utterance import Utterance, format_utterance

Watch = Callable[[Rule, Pair, list[Word]], None]  # a rule, the pair after it, the words that it wrote anew


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept pair: the target utterance, the source text, and the words with their provenance.

    `naturalness` is the mean log probability per character, None where there is no text to judge by; `rules` are those
    that changed the words, in order.
    """

    utterance: Utterance
    source: str
    words: tuple[Word, ...]
    coverage: float
    naturalness: float | None = None
    rules: tuple[str, ...] = ()


def synthesize(
    utterances: Iterable[Utterance],
    rules: Sequence[Rule],
    resources: Resources,
    *,
    locale: str,
    variants: int,
    min_coverage: float,
    seed: int,
    tally: Tally,
    fluency: Fluency | None = None,
) -> Iterator[Kept]:
    """Up to `variants` different pairs per utterance, in order; the seed of each is `seed:utterance id:variant`."""
    fired: list[str] = []
    watch = _counting(rules, tally, fired)
    for utterance in utterances:
        start = read_pair(utterance, resources.tagger)
        tally.n_utterances += 1
        tally.n_tokens += len(start.tokens)
        seen: set[str] = set()
        for variant in range(variants):
            id = f"{utterance.id}:{variant}"
            fired.clear()
            try:
                pair = apply(rules, start, resources, draws(seed, id), watch)
                target = render(pair, id=id, locale=locale)
            except Rejected as error:
                tally.rejected[error.reason] += 1
                continue
            coverage = pair.coverage
            _count(tally, pair, coverage, resources, first=variant == 0)
            if coverage < min_coverage:
                tally.rejected["coverage below the threshold"] += 1
            elif target.text in seen:
                tally.rejected["same as an earlier variant"] += 1
            else:
                seen.add(target.text)
                tally.kept += 1
                yield Kept(target, utterance.text, pair.words, coverage, _judged(tally, target, fluency), tuple(fired))


def draws(seed: int, id: str) -> random.Random:
    """The randomness of the pair `id` ("utterance id:variant"): of nothing else, so that order and company do not matter."""
    return random.Random(f"{seed}:{id}")


def _counting(rules: Sequence[Rule], tally: Tally, fired: list[str]) -> Watch:
    """A watch that counts into `tally` what each rule changes, and notes its name in `fired`."""
    names = {rule: rule_name(rule) for rule in rules}
    tally.rules.update(dict.fromkeys(names.values(), 0))  # a rule that never fires is told, too

    def watch(rule: Rule, after: Pair, new: list[Word]) -> None:
        tally.rules[names[rule]] += 1
        tally.rule_words[names[rule]] += len(new)
        fired.append(names[rule])

    return watch


def apply(
    rules: Sequence[Rule], pair: Pair, resources: Resources, rng: random.Random, watch: Watch = lambda rule, after, new: None
) -> Pair:
    """`pair` after every rule in order; `watch` is told of each rule that changes the words: the pair after it, its new words."""
    for rule in rules:
        try:
            after = rule(pair, resources, rng)
            if after is pair:
                continue
            new = _changes(rule, pair, after)
        except (Rejected, LowresError):
            raise
        except Exception as error:  # a rule is anybody's code
            raise LowresError(_place(rule, error), f"{type(error).__name__}: {error}, on {pair.utterance.text!r}",
                              "a rule that returns a pair or raises Rejected") from error  # fmt: skip
        if new is not None:
            watch(rule, after, new)
        pair = after
    return pair


def _changes(rule: Rule, before: Pair, after: Pair) -> list[Word] | None:
    """The words that `before` does not hold, None where nothing changed; only words may change, and render tokens that exist.

    Raises Rejected where they do not, TypeError where what the rule gave is no pair of words.
    """
    if not isinstance(after, Pair):
        raise TypeError(f"the rule gave {type(after).__name__}")
    if (after.tokens, after.slot_of, after.utterance) != (before.tokens, before.slot_of, before.utterance):
        raise Rejected(f"misaligned by {rule_name(rule)}")
    if after.words == before.words:
        return None
    old, n_tokens = set(map(id, before.words)), len(before.tokens)
    new = [word for word in after.words if id(word) not in old]
    for word in new:
        if not isinstance(word, Word) or type(word.form) is not str or type(word.source) is not tuple:
            raise TypeError(f"the rule gave the word {word!r}"[:120])
        for index in word.source:
            if not 0 <= index < n_tokens:
                raise Rejected(f"misaligned by {rule_name(rule)}")
    return new


def _place(rule: Rule, error: Exception) -> str:
    """`file:line` of the innermost frame inside the rule's own file."""
    path = getattr(getattr(rule, "__code__", None), "co_filename", "")
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == path]
    return f"{path}:{frames[-1].lineno}" if frames else f"rule {rule_name(rule)}"


def _count(tally: Tally, pair: Pair, coverage: float, resources: Resources, *, first: bool) -> None:
    """What was made of an utterance; what the dictionaries lack for it is counted once, with the `first` variant."""
    script = resources.language.script
    tally.coverage[min(9, int(coverage * 10))] += 1
    for word in pair.words:
        tally.origins[word.origin] += 1
        if is_missed(word):
            tally.missed += 1
            if first:
                tally.misses[pair.tokens[word.source[0]].lemma if word.source else word.form] += 1
        if not (word.form.isascii() and script == "Latn") and foreign_letters(word.form, script):
            tally.foreign[word.form] += 1
    if first:
        tally.unlisted.update(_unlisted(pair, resources))
        tally.misses.update(_left_out(pair, resources.lexicon))


_UNSAID = frozenset("the a an do be to".split())  # which most languages do without


def _left_out(pair: Pair, lexicon: Lexicon) -> Iterator[str]:
    """Lemmas of the function words that no word renders because the lexicon has none."""
    said = {index for word in pair.words for index in word.source}
    for i, token in enumerate(pair.tokens) if len(said) < len(pair.tokens) else ():
        if i not in said and token.upos in FUNCTION_WORDS and token.lemma not in _UNSAID and not lexicon.ranked(
            (token.lemma, token.key), token.upos
        )[0]:  # fmt: skip
            yield token.lemma


def _unlisted(pair: Pair, resources: Resources) -> Iterator[str]:
    """Lemmas of a part of speech that the paradigm tables hold, which are not in them."""
    cells = resources.inflector.paradigms.cells
    for word in pair.words if cells else ():
        inflected = word.origin != COPY and ATOMS.get(word.upos) in resources.grammar.inventory
        if inflected and fold(word.lemma) not in cells:
            yield f"{word.lemma} ({word.upos})"


def _judged(tally: Tally, target: Utterance, fluency: Fluency | None) -> float | None:
    """The naturalness of a kept pair, counted; its words that the text does not have."""
    if fluency is None:
        return None
    forms = spoken(target.text)
    score = fluency.sentence(forms)
    tally.judge(score, target.id, target.text)
    tally.unread.update([form for form in forms if form not in fluency])
    return score


_encode = json.JSONEncoder(ensure_ascii=False).encode


def format_kept(kept: Kept) -> str:
    """One line of pairs.jsonl."""
    record = format_utterance(kept.utterance) | {"source": kept.source, "coverage": round(kept.coverage, 4)}
    if kept.naturalness is not None:
        record["naturalness"] = round(kept.naturalness, 3)
    if kept.rules:
        record["rules"] = kept.rules
    words = ", ".join([
        f"{_what(w.form, w.lemma, w.upos, w.features)}{_places(w.source)}{_whence(w.origin, w.gloss)}" for w in kept.words
    ])  # fmt: skip
    return f'{_encode(record)[:-1]}, "words": [{words}]}}'


# A word's JSON in three parts, each of which many words share: most of synthesis went into writing them anew.


@lru_cache(maxsize=1 << 15)
def _what(form: str, lemma: str, upos: str, features: frozenset[str]) -> str:
    record = {"form": form, "lemma": lemma, "upos": upos, "features": ";".join(sorted(features))}
    return _encode(record)[:-1]


@lru_cache(maxsize=1 << 12)
def _places(source: tuple[int, ...]) -> str:
    return f', "source": {list(source)}, '


@lru_cache(maxsize=1 << 15)
def _whence(origin: str, gloss: str) -> str:
    return _encode({"origin": origin, "gloss": gloss})[1:]


def parse_kept(record: dict[str, Any]) -> Kept:
    """The inverse of `format_kept` for a parsed line."""
    from lowres.utterance import parse_utterance

    fields = ("id", "locale", "partition", "text", "intent", "slots")
    words = tuple(
        Word(
            w["form"], w["lemma"], w["upos"], frozenset(filter(None, w["features"].split(";"))),
            tuple(w["source"]), w["origin"], w["gloss"],
        )
        for w in record["words"]
    )  # fmt: skip
    said = parse_utterance({k: record[k] for k in fields})
    return Kept(said, record["source"], words, record["coverage"], record.get("naturalness"), tuple(record.get("rules", ())))
