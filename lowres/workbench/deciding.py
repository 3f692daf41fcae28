"""Adjudication and agreement, without the page: judgments as rows, in no order that tells who gave them."""

from collections.abc import Sequence
from typing import Any

from lowres.collection.agreement import Alpha, Judge, SpanAgreement, alphas, judges, span_agreement
from lowres.collection.book import Book
from lowres.collection.events import Judged
from lowres.collection.state import Item
from lowres.workbench.scales import SCALES
from lowres.workbench.wording import _


def judgments_of(book: Book, collection: str) -> tuple[list[Judged], dict]:
    """Every judgment of items that stand, and the items' readings by id."""
    with book.reading() as state:
        items = list(state.standing(collection))
        return [one for item in items for one in item.judgments.values()], {one.offered.item: one.offered.reading for one in items}


def agreement_of(book: Book, collection: str) -> tuple[dict[str, Alpha], SpanAgreement, Sequence[Judge]]:
    """Alpha per scale, F1 of spans between judges, and each judge beside the others."""
    given, readings = judgments_of(book, collection)
    return alphas(given), span_agreement(given, readings), judges(given)


def judgment_rows(item: Item) -> list[dict[str, Any]]:
    """One row a judge, who stays unnamed: answers in words, and the note."""
    rows = sorted(item.judgments.values(), key=lambda one: one.at)
    return [
        {_("judge"): number, **{_(scale.name): _(scale.answers[getattr(one, scale.name)]) for scale in SCALES}, _("note"): one.note}
        for number, one in enumerate(rows, 1)
    ]


def alpha_rows(found: dict[str, Alpha]) -> list[dict[str, Any]]:
    """One row a scale; where alpha is undefined it says so."""
    return [
        {_("scale"): _(one.scale), _("alpha"): f"{one.alpha.value:.2f}" if one.alpha else _("undefined"),
         _("95 % interval"): f"{one.alpha.low:.2f} – {one.alpha.high:.2f}" if one.alpha else "–",
         _("measured as"): _(one.level), _("items"): one.n_items, _("judgments"): one.n_judgments}
        for one in found.values()
    ]  # fmt: skip


def judge_rows(found: Sequence[Judge], names: dict[str, str]) -> list[dict[str, Any]]:
    """One row a judge, by pseudonym: how often they stand alone, and how far they are from the others on each scale."""
    return [
        {_("judge"): names.get(one.person, one.person), _("items"): one.n_items, _("shared"): one.n_shared,
         _("in the minority"): "–" if one.minority is None else f"{one.minority:.0%}",
         **{_(scale): _deviation(one, scale) for scale in (scale.name for scale in SCALES)}}
        for one in found
    ]  # fmt: skip


def _deviation(one: Judge, scale: str) -> str:
    found = one.scales.get(scale)
    if found is None:
        return "–"
    return f"{found.absolute:.0%}" if found.signed is None else f"{found.signed:+.2f}"
