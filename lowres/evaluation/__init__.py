"""How well predictions agree with what people meant: pure functions over `Answer`s, no torch.

`answers` pairs gold and predictions, `count` reduces them to arrays, `score` gives rates with intervals;
`build_report` does it all for one test set, `compare` for two runs on it.
"""

from lowres.evaluation.comparison import (
    Cause,
    Change,
    Comparison,
    Known,
    Mistake,
    Trace,
    TracedWord,
    compare,
    format_comparison,
    known_words,
    mistakes,
    sum_causes,
    trace,
)
from lowres.evaluation.comparison_markdown import render_comparison
from lowres.evaluation.confidence import (
    Bin,
    Calibration,
    Rejection,
    area_under_roc,
    calibrate,
    choose_threshold,
    reject,
)
from lowres.evaluation.files import read_reports, write_reports
from lowres.evaluation.markdown import is_clear, render_reports
from lowres.evaluation.plots import plot_systems
from lowres.evaluation.predictions import (
    Answer,
    Prediction,
    answers,
    iob2_tags,
    is_exact,
    read_predictions,
    same_utterances,
    slot_spans,
    write_predictions,
)
from lowres.evaluation.report import SYSTEMS, Report, build_report, format_report, parse_report, signature
from lowres.evaluation.scores import (
    RESAMPLES,
    SCORES,
    SEED,
    Counts,
    Flips,
    IntentFlips,
    Interval,
    SlotFlips,
    SystemScores,
    count,
    flips,
    mean_counts,
    proportion,
    proportion_difference,
    score,
    score_difference,
    share,
    slot_flips,
    wilson,
)
from lowres.evaluation.tables import (
    Confusion,
    Cost,
    Row,
    costs,
    intent_confusions,
    intent_rows,
    slot_confusions,
    slot_rows,
    unknown_words,
)

__all__ = [
    "RESAMPLES", "SCORES", "SEED", "SYSTEMS", "Answer", "Bin", "Calibration", "Cause", "Change", "Comparison",
    "Confusion", "Cost", "Counts", "Flips", "IntentFlips", "Interval", "Known", "Mistake", "Prediction", "Rejection",
    "Report", "Row", "SlotFlips", "SystemScores", "Trace", "TracedWord", "answers", "area_under_roc", "build_report", "calibrate",
    "choose_threshold", "compare", "costs", "count", "flips", "format_comparison", "format_report",
    "intent_confusions", "intent_rows", "iob2_tags", "is_clear", "is_exact", "known_words", "mean_counts",
    "mistakes", "parse_report", "plot_systems", "proportion", "proportion_difference", "read_predictions", "read_reports", "reject", "render_comparison",
    "render_reports", "same_utterances", "score", "score_difference", "share", "signature", "slot_confusions",
    "slot_flips", "slot_rows", "slot_spans", "sum_causes", "trace", "unknown_words", "wilson", "write_predictions", "write_reports",
]  # fmt: skip
