"""The systems that a report compares, each from utterances to answers: the adapter and its controls."""

from collections.abc import Callable, Sequence

from lowres.evaluation import Answer, Prediction, answers
from lowres.gloss import Glosser, build_glosser, gloss_utterance, project_labels
from lowres.run import Run
from lowres.stages.control import SOURCE, TRAINED
from lowres.stages.data import english_texts, read_lexicon, read_source, read_vocabulary
from lowres.utterance import Utterance

System = Callable[[Sequence[Utterance]], list[Prediction]]
ADAPTER, BASE, GLOSS = "adapter", "base", "gloss"


def read_systems(run: Run) -> dict[str, System]:
    """All systems by name, the adapter first; reads their weights."""
    from lowres.adapter import read_adapter

    source = source_system(run)
    lexicon, paradigms = read_lexicon(run)
    english = english_texts(run, read_source(run))
    found = {
        ADAPTER: read_adapter_system(run),
        BASE: source,
        GLOSS: glossing(source, build_glosser(lexicon, paradigms, text=read_vocabulary(run), english=english)),
    }
    control = run.folder / "control" / TRAINED / "adapter"
    if run.recipe.control and control.is_dir():
        name = "_".join(run.recipe.control.rules)
        found[name] = _predictor(read_adapter(control, base_from=run.file.folder))
    return found


def skyline_system(run: Run) -> System | None:
    """What human labels would give; None where the recipe names none."""
    from lowres.adapter import read_adapter

    folder = run.folder / "skyline" / "adapter"
    return _predictor(read_adapter(folder, base_from=run.file.folder)) if run.recipe.skyline else None


def read_adapter_system(run: Run) -> System:
    """The adapter alone."""
    from lowres.adapter import read_adapter

    return _predictor(read_adapter(run.folder / "adapt" / "adapter", base_from=run.file.folder))


def _predictor(reader) -> System:
    from lowres.reading import predict

    return lambda utterances: predict(reader, utterances)


def source_system(run: Run) -> System:
    """The model of the source language: the base as it is where it knows the labels, else trained on the source alone."""
    from lowres.adapter import read_adapter
    from lowres.model import base_labels, collect_labels, encode, read_base, transition_scores
    from lowres.reading import Reader, best_device

    folder, base = run.file.folder, run.recipe.adapt.base
    if base_labels(base, folder).covers(collect_labels(read_source(run))):
        model, pieces, labels = read_base(base, folder=folder)
        rows = (encode(one, pieces, labels).slots for one in read_source(run))
        transitions = transition_scores(rows, len(labels.slots))
        return _predictor(Reader(model.to(best_device()), pieces, labels, transitions=transitions))
    return _predictor(read_adapter(run.folder / "control" / SOURCE / "adapter", base_from=folder))


def glossing(source: System, glosser: Glosser) -> System:
    """The control without any training: each utterance glossed word by word and read by the source's model."""

    def system(utterances: Sequence[Utterance]) -> list[Prediction]:
        glossed = [gloss_utterance(one, glosser) for one in utterances]
        read = source([one for one, _ in glossed])
        return [_projected(*row) for row in zip(utterances, glossed, read, strict=True)]

    return system


def _projected(utterance: Utterance, glossed: tuple[Utterance, tuple[int, ...]], read: Prediction) -> Prediction:
    slots = project_labels(read.utterance, glossed[1], utterance.text)
    said = Utterance(id=utterance.id, text=utterance.text, locale=utterance.locale, intent=read.utterance.intent, slots=slots)
    return Prediction(utterance=said, confidence=read.confidence)


def answer(system: System, utterances: Sequence[Utterance]) -> list[Answer]:
    """What a system says of gold utterances."""
    return answers(utterances, system(utterances))
