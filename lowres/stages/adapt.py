"""Stage `adapt`: one LoRA adapter from the pairs and a share of untouched source utterances."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lowres.gloss import build_glosser
from lowres.recipe import Adapt
from lowres.run import Run, Stage, write_whole
from lowres.sources import digest
from lowres.stages.data import (
    base_digest,
    english_texts,
    read_human,
    read_kept,
    read_lexicon,
    read_source,
    read_vocabulary,
    test_digests,
    test_texts,
)
from lowres.stages.synthesize import SYNTHESIZE
from lowres.synthesis import Kept
from lowres.text import fold
from lowres.utterance import Utterance


def _adapt_inputs(run: Run) -> dict[str, Any]:
    inputs = {"adapt": run.recipe.adapt.model_dump(mode="json"), "base": base_digest(run), "test": test_digests(run)}
    return inputs | human_inputs(run)


def human_inputs(run: Run) -> dict[str, Any]:
    """What people wrote that is trained on, for stamps."""
    human = run.recipe.adapt.human
    return {"human": digest(human, run.file.folder, run.mirror)} if human else {}


def _adapt(run: Run, folder: Path) -> None:
    train_adapter(run, run.folder / "synthesize", folder, run.recipe.adapt)


def train_adapter(run: Run, pairs: Path, folder: Path, settings: Adapt) -> None:
    """An adapter in `folder`/adapter from the pairs in `pairs` and what people wrote; texts of tests are left out and counted."""
    kept, test = read_kept(pairs), test_texts(run)
    target = [one.utterance for one in kept if fold(one.utterance.text) not in test and fold(one.source) not in test]
    human = read_human(run) * settings.human_times
    train_on(run, target, folder, settings, kept=kept, human=human, n_dropped=len(kept) - len(target))


def train_on(
    run: Run, target: Sequence[Utterance], folder: Path, settings: Adapt, *, kept: Sequence[Kept] = (),
    human: Sequence[Utterance] = (), n_dropped: int = 0,
) -> None:  # fmt: skip
    """An adapter in `folder`/adapter from `target`, `human` and the source; `kept` pairs add to the glosses. Ids end in ":variant"."""
    from lowres.adapter import SETTINGS_FILE, adapt
    from lowres.fitting import CHECKPOINT
    from lowres.progress import training_bar
    from lowres.vocabulary import build_vocabulary

    if (folder / "adapter" / SETTINGS_FILE).is_file():
        return  # killed after this file, which is written last
    test = test_texts(run)
    source = [one for one in read_source(run) if fold(one.text) not in test]
    counts = {"pairs": len(target), "pairs_dropped": n_dropped, "source": len(source)}
    counts |= {"human": len(human)} if human else {}
    write_whole(folder / "data.json", json.dumps(counts) + "\n")
    (lexicon, paradigms), text = read_lexicon(run), read_vocabulary(run)
    needed = settings.gloss or settings.new_words
    glosser = build_glosser(lexicon, paradigms, kept, text, english_texts(run, source)) if needed else None
    vocabulary = build_vocabulary(kept, lexicon, paradigms, text) if settings.new_words else None
    with training_bar(folder.name.strip(".").removesuffix(".partial")) as on_progress:
        adapt([*target, *human], source, settings, folder, glosser=glosser, vocabulary=vocabulary,
              base_from=run.file.folder, on_progress=on_progress)  # fmt: skip
    (folder / CHECKPOINT).unlink(missing_ok=True)


ADAPT = Stage(name="adapt", inputs=_adapt_inputs, work=_adapt, after=(SYNTHESIZE,))
