"""What `lowres compare` shows: a Comparison in Markdown."""

from collections.abc import Iterator, Sequence

from lowres.evaluation.comparison import Cause, Change, Comparison, Mistake, TracedWord
from lowres.evaluation.markdown import difference, each_score, flip_lines, percent, plain, table
from lowres.evaluation.scores import SCORES
from lowres.pair import COPY

N_CHANGES = 100


def render_comparison(comparison: Comparison, *, limit: int = N_CHANGES) -> str:
    """The comparison in Markdown, with at most `limit` utterances in each direction."""
    old, new = plain(comparison.old_name), plain(comparison.new_name)
    lines = [f"# {old} against {new}", "", *_scores(comparison, old, new), *flip_lines(comparison.flips)]
    lines += [f"## Lost: {len(comparison.lost)} utterances that only {old} read exactly right", ""]
    lines += [*_causes(comparison.lost_causes, "lost", len(comparison.lost), failed=new)]
    lines += [*_changes(comparison.lost, right=old, failed=new, limit=limit)]
    lines += [f"## Won: {len(comparison.won)} utterances that only {new} reads exactly right", ""]
    lines += [*_causes(comparison.won_causes, "won", len(comparison.won), failed=old)]
    lines += [*_changes(comparison.won, right=new, failed=old, limit=limit)]
    return "\n".join(lines).rstrip() + "\n"


def _scores(comparison: Comparison, old: str, new: str) -> Iterator[str]:
    yield f"{comparison.n:,} utterances. Percent, with 95 % bootstrap intervals, paired for the difference; clear means"
    yield from ("that it exceeds its interval (0 lies outside).", "")
    rows = [[name, *map(percent, each_score(s))] for name, s in ((old, comparison.old), (new, comparison.new))]
    rows.append([f"{new} minus {old}", *map(difference, each_score(comparison.difference))])
    yield from table(["run", *SCORES.values()], rows)


def _causes(causes: Sequence[Cause], outcome: str, n: int, *, failed: str) -> Iterator[str]:
    for cause in causes:
        spoken = ", ".join(f"{plain(word)} ({times})" for word, times in cause.words)
        reason = _reason(cause, outcome, failed)
        yield f"- {cause.n} of {n} {outcome} utterances {reason}" + (f": {spoken}" if spoken else "")
    if causes:
        yield ""


def _reason(cause: Cause, outcome: str, failed: str) -> str:
    giver = "copying the source" if cause.origin == COPY else plain(cause.origin)
    match cause.kind:
        case "missing":
            return f"contain a word that {giver} {'no longer' if outcome == 'lost' else 'newly'} gives"
        case "mislabelled":
            return f"contain a word that {giver} gives, but which {failed} saw mostly under another slot"
        case "unseen":
            return "contain a word that neither run ever saw"
    return f"hold only words that {failed} knew as they are meant"


def _changes(changes: Sequence[Change], *, right: str, failed: str, limit: int) -> Iterator[str]:
    for change in changes[:limit]:
        yield from (f"{plain(change.text)} ({plain(change.id)}, {plain(change.intent)})", "")
        yield f"- {failed}: {'; '.join(map(_mistake, change.mistakes))}"
        yield from _trace(change, right, failed)
        yield ""
    if len(changes) > limit:
        yield from (f"And {len(changes) - limit} more.", "")


def _mistake(mistake: Mistake) -> str:
    gold, predicted, text = plain(mistake.gold), plain(mistake.predicted), plain(mistake.text)
    match mistake.kind:
        case "intent":
            return f"intent {gold} read as {predicted}"
        case "label":
            return f"slot {gold} read as {predicted}: {text}"
        case "borders":
            return f"slot {gold} with wrong borders: {text}"
        case "missed":
            return f"slot {gold} missed: {text}"
    return f"spurious slot {predicted}: {text}"


def _trace(change: Change, right: str, failed: str) -> Iterator[str]:
    found = change.trace
    if found.missing:
        yield f"- only {right} saw: {'; '.join(map(_known, found.missing))}"
    if found.mislabelled:
        yield f"- {failed} saw under another slot: {'; '.join(map(_relabelled, found.mislabelled))}"
    if found.unseen:
        yield f"- neither saw: {', '.join(plain(traced.word) for traced in found.unseen)}"


def _known(traced: TracedWord) -> str:
    known = traced.known
    meaning = f" '{plain(known.gloss)}'" if known.gloss else ""
    return f"{plain(traced.word)}{meaning} from {plain(known.origin)}, {known.count} times"


def _relabelled(traced: TracedWord) -> str:
    return f"{_known(traced)}, mostly as {plain(traced.known.label)}, here {plain(traced.label)}"
