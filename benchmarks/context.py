"""Whether the base knows from the sentence which translation is meant: the choice of words with and without its voice.

    LOWRES_MIRROR=../shared/data python benchmarks/context.py recipes/swh-massive.yaml --limit 500

A translation is known by its other glosses ("bank" as kingo: "edge, shore"). To the log of its squared weight is added B
times the cosine of two representations by the base, both less their mean: that of the English sentence, or of the word in
it, and that of the nearest of these glosses; a translation without other glosses has the mean of its rivals. The figure is
that of choice.py: the share of content words whose human dev translation contains the best translation. Public
dictionaries. Reads dev only.
"""

import argparse
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import torch
from choice import content, matcher, with_resources

from lowres.model import encode, read_base
from lowres.pair import Pair, read_pair
from lowres.recipe import read_recipe
from lowres.rules import Resources
from lowres.rules.lookup import candidates
from lowres.run import open_run
from lowres.sources import read_utterances
from lowres.stages.data import read_resources
from lowres.text import bare, fold, words
from lowres.utterance import Utterance

VOICES = (0, 2, 4, 8)
WIDTH, N_GLOSSES, BATCH = 6, 3, 128


@dataclass(slots=True)
class Choice:
    """A content word of a sentence: the log weights of its translations, their other glosses, and which of them are right."""

    utterance: int
    word: int
    weights: list[float]
    glosses: list[list[str]]
    right: list[bool]


class Reader:
    """The base as a reader of English text."""

    def __init__(self, name: str) -> None:
        model, self.pieces, _ = read_base(name)
        self.encoder = model.encoder.eval()

    @torch.no_grad()
    def words(self, texts: Sequence[str]) -> list[torch.Tensor]:
        """(words, size) for each text: the mean over a word's pieces."""
        found = []
        for k in range(0, len(texts), BATCH):
            split = [encode(Utterance(id="1", text=text, locale="en"), self.pieces).pieces for text in texts[k : k + BATCH]]
            ids = [torch.tensor([piece for word in one for piece in word] or [0]) for one in split]
            padded = torch.nn.utils.rnn.pad_sequence(ids, batch_first=True)
            mask = torch.nn.utils.rnn.pad_sequence([torch.ones_like(one) for one in ids], batch_first=True)
            states = self.encoder(input_ids=padded, attention_mask=mask).last_hidden_state
            for one, state in zip(split, states, strict=True):
                parts = state[: max(1, sum(map(len, one)))].split([len(word) for word in one if word] or [1])
                found.append(torch.stack([part.mean(0) for part in parts]))
        return found


def choices(k: int, pair: Pair, human: Sequence[str], resources: Resources, contains) -> Iterator[Choice]:
    """The content words of a pair; those without a translation have none."""
    for i in content(pair):
        options, weights = (row[:WIDTH] for row in candidates(pair, resources.lexicon, (i,)))
        own = {pair.tokens[i].lemma, pair.tokens[i].key}
        known = [[one.form for one in resources.lexicon.glosses.get(fold(option.form), ())] for option in options]
        glosses = [[gloss for gloss in found if fold(gloss) not in own][:N_GLOSSES] for found in known]
        right = [all(any(contains(word, part) for word in human) for part in fold(one.form).split(" ")) for one in options]
        yield Choice(k, i, [2 * math.log(weight) for weight in weights], glosses, right)


def voices(found: Sequence[Choice], contexts: Sequence[torch.Tensor], meanings: dict[str, torch.Tensor]) -> list[list[float]]:
    """The cosines for the translations of each choice."""
    cosine, all_cosines = torch.nn.functional.cosine_similarity, []
    for one, context in zip(found, contexts, strict=True):
        near = [max([float(cosine(context, meanings[gloss], dim=0)) for gloss in glosses], default=None) for glosses in one.glosses]
        known = [value for value in near if value is not None]
        mean = sum(known) / len(known) if known else 0.0
        all_cosines.append([mean if value is None else value for value in near])
    return all_cosines


def share_right(found: Sequence[Choice], cosines: Sequence[Sequence[float]], voice: float) -> float:
    """Percent of the content words whose best translation is right."""
    right = 0
    for one, near in zip(found, cosines, strict=True):
        scores = [weight + voice * value for weight, value in zip(one.weights, near, strict=True)]
        right += bool(scores) and one.right[scores.index(max(scores))]
    return 100 * right / len(found)


def compare(path: str, limit: int) -> tuple[int, dict[str, list[float]]]:
    """(content words, percent right for each of VOICES by the sentence and by the word)."""
    file = read_recipe(path)
    run = open_run(with_resources(file, public=True, bitexts=False), Path("runs"))
    resources, contains = read_resources(run), matcher(run)
    dev = {"partition": "dev"}
    source = list(islice(read_utterances(file.recipe.source.model_copy(update=dev), file.folder), limit))
    target = read_utterances(file.recipe.evaluate[0].model_copy(update=dev), file.folder)
    human = {one.id: [fold(bare(word)) for word in words(one.text)] for one in target}
    pairs = [read_pair(one, resources.tagger) for one in source]
    found = [one for k, pair in enumerate(pairs) for one in choices(k, pair, human[source[k].id], resources, contains)]
    reader = Reader(file.recipe.adapt.base)
    read = reader.words([one.text for one in source])
    names = sorted({gloss for one in found for glosses in one.glosses for gloss in glosses})
    told = torch.stack([vectors.mean(0) for vectors in reader.words(names)])
    meanings = dict(zip(names, told - told.mean(0), strict=True))
    mean = torch.cat(read).mean(0)
    contexts = {
        "by the sentence": [read[one.utterance].mean(0) - mean for one in found],
        "by the word": [read[one.utterance][min(one.word, len(read[one.utterance]) - 1)] - mean for one in found],
    }
    cosines = {name: voices(found, vectors, meanings) for name, vectors in contexts.items()}
    return len(found), {name: [share_right(found, near, voice) for voice in VOICES] for name, near in cosines.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recipes", nargs="+")
    parser.add_argument("--limit", type=int, default=500, help="dev utterances")
    options = parser.parse_args()
    torch.set_num_threads(1)
    for path in options.recipes:
        n, rows = compare(path, options.limit)
        print(f"{path}: {n:,} content words; B = {', '.join(map(str, VOICES))}")
        for name, shares in rows.items():
            print(f"  {name:16} {'  '.join(f'{share:.1f}' for share in shares)}", flush=True)


if __name__ == "__main__":
    main()
