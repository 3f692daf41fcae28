"""Source tokens per second of the whole synthesis on one core, against the published method's bare unigram loop.

    LOWRES_MIRROR=../shared/data python benchmarks/synthesis_speed.py recipes/swh-massive.yaml --profile

Ours goes from utterances to the lines of pairs.jsonl: analysis, every rule of the recipe, projected slots, counts. The
peer is word-for-word translation after Wang, Ruder and Neubig (2022): tokens at white space, looked up in a dict, one
of the translations drawn uniformly, unknown words kept; text only, no labels. Both read the same text and lexicon, make
as many variants, and take turns, each time in a fresh process whose caches hold nothing of the text. Reading lexicon,
paradigms, tagger and utterances is not counted. Times are core seconds (user and system); a source token counts once,
however many variants are made of it.
"""

import argparse
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from _measure import CHOICE, core_seconds, forked, interleaved, open_recipe, verdict

from lowres.analysis import english
from lowres.pair import read_pair
from lowres.rules import load_rules
from lowres.stages.data import read_resources, read_source
from lowres.synthesis import format_kept, synthesize
from lowres.tally import Tally

RATE_BAR, RATIO_BAR = 30_000, 100


def word_by_word(texts: Sequence[str], lexicon: Mapping[str, Sequence[str]], rng: random.Random) -> list[str]:
    """The peer: every text with each known token replaced by one of its translations."""
    made = []
    for text in texts:
        words = []
        for token in text.split():
            found = lexicon.get(token.lower())
            words.append(rng.choice(found) if found else token)
        made.append(" ".join(words))
    return made


def whole(run, rules, resources, source) -> list[str]:
    """What stage `synthesize` makes of `source`: the lines of pairs.jsonl."""
    settings = run.recipe.synthesize
    kept = synthesize(
        source, rules, resources, locale=run.file.locale, variants=settings.variants,
        min_coverage=settings.min_coverage, seed=settings.seed, tally=Tally(),
    )  # fmt: skip
    return [format_kept(one) + "\n" for one in kept]


def spent_by_rule(names: Sequence[str], rules, synthesis: Callable[[Sequence], object]) -> Counter:
    """Seconds within each rule while `synthesis` runs with `rules`, and 'all' of it."""
    spent: Counter = Counter()

    def watched(name: str, rule):
        def timed(pair, resources, rng):
            started = time.perf_counter()
            try:
                return rule(pair, resources, rng)
            finally:
                spent[name] += time.perf_counter() - started

        return timed

    started = time.perf_counter()
    synthesis([watched(name, rule) for name, rule in zip(names, rules, strict=True)])
    spent["all"] = time.perf_counter() - started
    return spent


def print_profile(names: Sequence[str], spent: Counter, analysis: float) -> None:
    """Shares of the time, in the order of work."""
    rest = "slots, counts, JSON"
    rows = {"analysis": analysis, **{name: spent[name] for name in names}}
    rows[rest] = max(0.0, spent["all"] - sum(rows.values()))
    print("share of the time (with the clock running; cold caches):")
    for name, duration in rows.items():
        print(f"  {name:<{max(map(len, rows))}} {duration / spent['all']:6.1%}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recipe", help=CHOICE)
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--limit", type=int, help="source utterances, the first of the file; all where not given")
    parser.add_argument("--profile", action="store_true", help="share of the time per rule and for analysis")
    options = parser.parse_args()
    run = open_recipe(options.recipe)
    names = run.recipe.synthesize.rules
    rules, resources, source = load_rules(names, run.file.folder), read_resources(run), read_source(run)[: options.limit]
    texts = [one.text for one in source]
    lexicon = {phrase: [one.form for one in found] for phrase, found in resources.lexicon.translations.items()}
    variants, n_tokens = run.recipe.synthesize.variants, sum(len(text.split()) for text in texts)
    english()

    def bare() -> list[list[str]]:
        rng = random.Random(run.recipe.synthesize.seed)
        return [word_by_word(texts, lexicon, rng) for _ in range(variants)]

    works = {"whole": lambda: whole(run, rules, resources, source), "bare": bare}
    medians = interleaved(works, options.repetitions)
    rate, peer = (n_tokens / medians[name] for name in ("whole", "bare"))
    print(f"{run.recipe.name}: {len(source):,} utterances, {n_tokens:,} source tokens, {variants} variants of each, rules {', '.join(names)}")
    print(f"whole synthesis {rate:,.0f} source tokens/s on one core ({variants * rate:,.0f} rendered tokens/s); bar {RATE_BAR:,}: {verdict(rate >= RATE_BAR)}")
    print(f"bare unigram loop (Wang, Ruder, Neubig 2022) {peer:,.0f} source tokens/s")
    print(f"ratio {peer / rate:.1f}x slower than the bare loop; bar {RATIO_BAR}x: {verdict(peer / rate <= RATIO_BAR)}; medians of {options.repetitions}")
    if options.profile:
        analysis = forked(lambda: core_seconds(lambda: [read_pair(one, resources.tagger) for one in source]))
        print_profile(names, forked(lambda: spent_by_rule(names, rules, lambda timed: whole(run, timed, resources, source))), analysis)


if __name__ == "__main__":
    main()
