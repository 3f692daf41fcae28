"""What misheard words cost: exact match of trained adapters on dev utterances as people wrote them, and with words misheard.

    LOWRES_MIRROR=../shared/data lowres adapt swh-massive     # and a recipe with the rule sound_alike
    LOWRES_MIRROR=../shared/data python benchmarks/misheard.py runs/swh-massive runs/swh-massive-misheard

A tenth of the words becomes the nearest other word that people write, by panphon's weighted feature distance over the
words of the recipe's texts and dictionaries: not the rule's own noise, which works on letters. Reads dev only.
"""

import argparse
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from lowres.evaluation import answers, count, score
from lowres.evaluation.markdown import table
from lowres.phonology import segments, transcribe_word
from lowres.text import fold, word_spans
from lowres.utterance import Slot, Utterance

MAX_COMPARED = 60  # words near in letters whose sounds are compared: weighted distance runs at 3,800 pairs/s


class Neighbours:
    """The nearest real word by weighted feature distance, among words of about the same length that share letters."""

    def __init__(self, vocabulary: Iterable[str], sounds: str) -> None:
        from panphon.distance import Distance

        self.measure, self.sounds, self.words = Distance().weighted_feature_edit_distance, sounds, sorted(set(vocabulary))
        self.by_pair: dict[str, list[str]] = defaultdict(list)
        for word in self.words:
            for pair in bigrams(word):
                self.by_pair[pair].append(word)

    @cache  # noqa: B019 - one object a run
    def nearest(self, word: str) -> str:
        """The word itself where none shares a pair of letters, or nobody knows its sounds."""
        ipa = transcribe_word(word, self.sounds)
        shared: dict[str, int] = defaultdict(int)
        for pair in bigrams(word):
            for other in self.by_pair[pair]:
                shared[other] += abs(len(other) - len(word)) < 3 and other != word
        likely = sorted((other for other in shared if shared[other]), key=lambda other: (-shared[other] / len(other), other))
        near = likely[:MAX_COMPARED]
        heard = [(self.measure(ipa, transcribe_word(other, self.sounds)), other) for other in near if segments(ipa)]
        return min(heard, default=(0.0, word))[1]


def bigrams(word: str) -> set[str]:
    """Pairs of letters, the ends included."""
    return {f" {word} "[i : i + 2] for i in range(len(word) + 1)}


def misheard(utterance: Utterance, neighbours: Neighbours, share: float) -> Utterance:
    """The utterance with a share of its words replaced; slots stay on the same words."""
    rng = random.Random(f"misheard:{utterance.id}")
    spans = word_spans(utterance.text)
    said = [utterance.text[start:end] for start, end in spans]
    heard = [neighbours.nearest(fold(word)) if rng.random() < share else word for word in said]
    ends, position = [], 0
    for word in heard:
        ends.append((position, position + len(word)))
        position += len(word) + 1
    slots = []
    for slot in utterance.slots:
        inside = [k for k, (start, end) in enumerate(spans) if slot.start < end and start < slot.end]
        slots.append(Slot(name=slot.name, start=ends[inside[0]][0], end=ends[inside[-1]][1]))
    return Utterance(id=utterance.id, text=" ".join(heard), locale=utterance.locale, intent=utterance.intent, slots=tuple(slots))


def measured(folder: Path, gold: Sequence[Utterance]) -> str:
    """Exact match in percent with its interval."""
    from lowres.adapter import read_adapter
    from lowres.reading import predict

    given = answers(gold, predict(read_adapter(folder / "adapt" / "adapter"), list(gold)))
    found = score(count(given)).exact_match
    return f"{100 * found.value:.1f} ({100 * found.low:.1f}-{100 * found.high:.1f})"


def main() -> None:
    from lowres.language import read_language
    from lowres.phonology import table_of
    from lowres.recipe import read_recipe
    from lowres.run import open_run
    from lowres.stages.data import read_lexicon, read_test, read_vocabulary

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", nargs="+", type=Path, help="folders of runs of one language, adapted")
    parser.add_argument("--recipe", help="whose dev utterances and texts; else the bundled one of the first run's name")
    parser.add_argument("--share", type=float, default=0.1, help="of words misheard")
    parser.add_argument("--limit", type=int, help="utterances, the first of the file; all where not given")
    options = parser.parse_args()
    file = read_recipe(options.recipe or options.runs[0].name)
    run = open_run(file, Path("runs"))
    gold = read_test(run, file.recipe.evaluate[0].model_copy(update={"partition": "dev"}))[: options.limit]
    vocabulary = {word for word in (*read_lexicon(run)[0].glosses, *read_vocabulary(run)) if word.isalpha()}
    neighbours = Neighbours(vocabulary, table_of(read_language(file.recipe.language, file.folder), file.folder))
    noisy = [misheard(one, neighbours, options.share) for one in gold]
    changed = sum(a.text != b.text for a, b in zip(gold, noisy, strict=True))
    print(f"{file.recipe.language}: {len(gold):,} dev utterances, {changed:,} with a word misheard, such as "
          f"{next((f'{a.text!r} -> {b.text!r}' for a, b in zip(gold, noisy, strict=True) if a.text != b.text), '-')}\n")
    rows = [[folder.name, measured(folder, gold), measured(folder, noisy)] for folder in options.runs]
    print("\n".join(table(["run", "exact match as written", f"{options.share:.0%} of words misheard"], rows)).rstrip())


if __name__ == "__main__":
    main()
