"""`lowres compare`: two runs on the same test utterances, each loss traced to what their pairs knew."""

import json as json_module
from pathlib import Path

from lowres.evaluation import compare, format_comparison, known_words, read_predictions, render_comparison
from lowres.stages.data import read_kept
from lowres.stages.evaluate import PREDICTIONS


def compare_runs(old: Path, new: Path, *, json: bool = False) -> str:
    """Markdown, or JSON, of what changed between the runs' adapters."""
    answered = [read_predictions(folder / "evaluate" / PREDICTIONS) for folder in (old, new)]
    known = [known_words(read_kept(folder / "synthesize")) for folder in (old, new)]
    names = (old.name, new.name) if old.name != new.name else (str(old), str(new))
    found = compare(*answered, *known, old_name=names[0], new_name=names[1])
    return json_module.dumps(format_comparison(found), ensure_ascii=False, indent=1) if json else render_comparison(found)
