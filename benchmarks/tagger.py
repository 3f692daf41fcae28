"""How well and how fast source utterances are read: UPOS on treebanks, and words per second of core time.

    python benchmarks/tagger.py --data ../shared/data/ud --part dev

Accuracy is on the treebank's own tokens, as written and cased: `analyse` sees whole words ("don't"), treebanks their parts.
Speed is that of `Tagger.tag` on the same sentences from cold caches, and of `analyse` on their text.
"""

import argparse
from pathlib import Path

from _measure import core_seconds

from lowres.analysis import analyse, english, source_tagger
from lowres.formats.conllu import read_conllu_text
from lowres.treebank import accuracy, read_tagged


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of UD treebanks")
    parser.add_argument("--part", default="dev", help="dev for choices, test for the figure that is reported")
    parser.add_argument("--tagger", type=Path, help="a folder that `lowres tagger` wrote, instead of the bundled one")
    options = parser.parse_args()
    tagger = source_tagger(options.tagger) if options.tagger else english()
    for path in sorted(options.data.glob(f"UD_English-*/*-{options.part}.conllu")):
        sentences = list(read_tagged([path]))
        forms = [[form for form, _, _ in sentence] for sentence in sentences]
        texts = [text for _, text in read_conllu_text(path)]
        tags = sum(map(len, forms)) / core_seconds(lambda forms=forms: [tagger.tag(words) for words in forms])
        reads = len(" ".join(texts).split()) / core_seconds(lambda texts=texts: [analyse(text, tagger) for text in texts])
        upos, joint = accuracy(tagger, sentences)
        print(f"{path.stem}: UPOS {upos:.2%}, with features {joint:.2%}; tag {tags:,.0f} words/s, analyse {reads:,.0f} words/s")


if __name__ == "__main__":
    main()
