"""`lowres probe`: what a base makes of sentences in many languages, as tables, a picture and JSON."""

import dataclasses
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lowres.catalog import Dataset, Reference, dataset, read_catalog
from lowres.errors import LowresError
from lowres.evaluation import SystemScores, answers, count, score
from lowres.evaluation.markdown import percent
from lowres.progress import progress_bar
from lowres.run import write_whole
from lowres.sources import read_entries, read_texts, read_utterances
from lowres.utterance import Utterance

if TYPE_CHECKING:
    from lowres.probing import Fairness, Retrieval
    from lowres.reading import Reader

PIVOT, SOURCE = "eng", "en-US"
_CHOSEN_ON = 500  # utterances


@dataclass(slots=True)
class Probe:
    """All figures: retrieval by data set and direction, in the layer in which dev utterances are found best; zero-shot scores
    by locale, pieces by kind of text and language, and where the locales lie on the map."""

    base: str
    layer: int
    by_layer: list[float]
    retrieval: dict[str, dict[str, "Retrieval"]]
    zero_shot: dict[str, SystemScores]
    pieces: dict[str, dict[str, "Fairness"]]
    places: dict[str, tuple[float, float]]


def probe(base: str, out: Path, *, mirror: Path | None = None, limit: int = 0, locales: Sequence[str] = ()) -> Probe:
    """Measure and write probe.json, probe.md and map.png into `out`. `limit` texts of each set at most, 0 for all;
    `locales` of MASSIVE, all that the catalogue has where none is named."""
    from lowres.model import read_base
    from lowres.probing import places
    from lowres.reading import Reader, predict

    reader = Reader(*read_base(base))
    dev = dict(_dev(locales, mirror, limit))
    parallel = [one for one in read_catalog().values() if one.kind == "parallel" and one.format == "lines" and PIVOT in one.languages]
    with progress_bar("probe", 2 * len(dev) + len(parallel) + 1) as advance:
        shared = _shared(reader, dev, advance)
        found = Probe(base, *_best_layer(reader, {locale: first for locale, (first, _) in shared.items()}), {}, {}, {}, {})
        for one in parallel:
            found.retrieval |= _retrieval(reader, one, found.layer, mirror, limit)
            advance(1)
        for locale, rows in dev.items():
            found.zero_shot[locale] = score(count(answers(rows, predict(reader, rows))))
            advance(1)
        found.pieces = _pieces(reader, dev, mirror, limit)
        advance(1)
        found.places = places({locale: mean for locale, (_, mean) in shared.items()})
    out.mkdir(parents=True, exist_ok=True)
    write_whole(out / "probe.json", json.dumps(dataclasses.asdict(found), ensure_ascii=False, indent=1) + "\n")
    write_whole(out / "probe.md", format_probe(found))
    _draw(found.places, out / "map.png")
    return found


def _dev(locales: Sequence[str], mirror: Path | None, limit: int) -> Iterator[tuple[str, list[Utterance]]]:
    known = sorted({member.locale for member in dataset("massive").files if member.locale})
    for locale in locales or known:
        if locale not in known:
            raise LowresError("probe --locale", f"no locale '{locale}' in massive", ", ".join(known))
        rows = read_utterances(Reference(dataset="massive", locale=locale, partition="dev"), Path(), mirror)
        yield locale, rows[: limit or None]


def _best_layer(reader: "Reader", shared: dict[str, Any]) -> tuple[int, list[float]]:
    """Chosen on dev utterances in two locales at least, of which the source is one; the last where there are none."""
    from lowres.probing import best_layer

    others = [vectors for locale, vectors in shared.items() if locale != SOURCE]
    if SOURCE not in shared or not others or not shared[SOURCE].shape[1]:
        return reader.model.config.num_hidden_layers, []
    return best_layer([(vectors, shared[SOURCE]) for vectors in others])


def _retrieval(reader: "Reader", one: Dataset, layer: int, mirror: Path | None, limit: int) -> dict[str, dict[str, "Retrieval"]]:
    """Every language of a data set against English, both ways."""
    from lowres.probing import retrieval, sentence_vectors

    texts = {
        language: [text for _, text in read_texts(Reference(dataset=one.name, locale=_locale(one, language)), Path(), mirror)]
        for language in one.languages
    }
    vectors = {language: sentence_vectors(reader, lines[: limit or None])[layer].clone() for language, lines in texts.items()}
    return {
        f"{one.name} {language}": {
            "into English": retrieval(vectors[language], vectors[PIVOT]), "from English": retrieval(vectors[PIVOT], vectors[language]),
        }
        for language in one.languages if language != PIVOT
    }  # fmt: skip


def _locale(one: Dataset, language: str) -> str | None:
    return next(member.locale for member in one.files if member.language == language)


def _pieces(reader: "Reader", dev: dict[str, list[Utterance]], mirror: Path | None, limit: int) -> dict[str, dict[str, "Fairness"]]:
    """Of utterances by locale, of running text and of dictionary words by data set."""
    from lowres.probing import fairness

    found = {"utterances": {locale: fairness(reader.pieces, [row.text for row in rows]) for locale, rows in dev.items()}}
    found |= {"text": {}, "entries": {}}
    for one in read_catalog().values():
        if one.kind == "text" and len(one.languages) == 1:
            rows = [text for _, text in read_texts(Reference(dataset=one.name), Path(), mirror)]
            found["text"][one.name] = fairness(reader.pieces, rows[: limit or None])
        elif one.kind == "lexicon" and PIVOT in one.languages:
            entries = read_entries(Reference(dataset=one.name), Path(), source=PIVOT, mirror=mirror)
            found["entries"][one.name] = fairness(reader.pieces, [row.entry.right for row in entries][: limit or None])
    return found


def _shared(reader: "Reader", dev: dict[str, list[Utterance]], advance) -> dict[str, tuple[Any, Any]]:
    """Of the utterances that all locales have, in one order: the vectors of some in all layers, the mean of all in the last."""
    from lowres.probing import sentence_vectors

    ids = set.intersection(*({row.id for row in rows} for rows in dev.values())) if dev else set()
    found = {}
    for locale, rows in dev.items():
        texts = {row.id: row.text for row in rows if row.id in ids}
        vectors = sentence_vectors(reader, [texts[one] for one in sorted(texts)])
        found[locale] = vectors[:, :_CHOSEN_ON].clone(), vectors[-1].mean(0)
        advance(1)
    return found


def format_probe(found: Probe) -> str:
    """Markdown with a table for each kind of figure."""
    lines = [f"# Inside {found.base}", "", "Percent, 95 % intervals in brackets.", ""]
    lines += ["## Translations found as the nearest sentence", ""]
    told = ", ".join(f"{number} {100 * share:.1f}" for number, share in enumerate(found.by_layer))
    lines += [f"Of the means of layer {found.layer}, 0 the embeddings" + (f", the best on dev utterances ({told})." if told else "."), ""]
    lines += ["| set | sentences | way | as they are | without each language's mean |", "|---|---:|---|---:|---:|"]
    for name, ways in found.retrieval.items():
        for way, one in ways.items():
            lines.append(f"| {name} | {one.n:,} | {way} | {percent(one.plain)} | {percent(one.centred)} |")
    lines += ["", "## The base's own labels, MASSIVE dev", ""]
    lines += ["| locale | intent accuracy | slot F1 | exact match |", "|---|---:|---:|---:|"]
    for locale, one in found.zero_shot.items():
        lines.append(f"| {locale} | {percent(one.intent_accuracy)} | {percent(one.slot_f1)} | {percent(one.exact_match)} |")
    lines += ["", "## Pieces", "", "| text | words | per word | per character |", "|---|---:|---:|---:|"]
    for kind, rows in found.pieces.items():
        ordered = sorted(rows.items(), key=lambda one: -one[1].per_word)
        lines += [f"| {kind} {name} | {one.n_words:,} | {one.per_word:.2f} | {one.per_character:.2f} |" for name, one in ordered]
    lines += ["", "## Map", "", "The means of the locales over the same utterances, in the two dimensions in which they differ most:"]
    return "\n".join([*lines, "map.png", ""])


def _draw(places: dict[str, tuple[float, float]], path: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 6), layout="constrained")
    axes: Any = figure.subplots()
    for locale, (x, y) in places.items():
        axes.plot(x, y, "o", color="#0072B2", markersize=4)
        axes.annotate(locale, (x, y), xytext=(4, 3), textcoords="offset points", fontsize=8.5)
    axes.margins(0.12)
    axes.set(xticks=[], yticks=[], title="where a base puts the same utterances in each locale")
    figure.savefig(path, format="png", dpi=150, metadata={"Software": None})
