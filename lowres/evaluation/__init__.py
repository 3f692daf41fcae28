"""How well predictions agree with what people meant: pure functions over `Answer`s, no torch.

`answers` pairs gold and predictions, `count` reduces them to arrays, `score` gives rates with intervals.
"""

from lowres.evaluation.confidence import (
    Bin,
    Calibration,
    Rejection,
    area_under_roc,
    calibrate,
    choose_threshold,
    reject,
)
from lowres.evaluation.predictions import (
    Answer,
    Prediction,
    answers,
    is_exact,
    iob2_tags,
    read_predictions,
    same_utterances,
    slot_spans,
    write_predictions,
)
from lowres.evaluation.scores import (
    RESAMPLES,
    SEED,
    Counts,
    Flips,
    IntentFlips,
    Interval,
    SystemScores,
    count,
    flips,
    score,
    score_difference,
    share,
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
)

__all__ = [
    "RESAMPLES", "SEED", "Answer", "Bin", "Calibration", "Confusion", "Cost", "Counts", "Flips", "IntentFlips",
    "Interval", "Prediction", "Rejection", "Row", "SystemScores", "answers", "area_under_roc", "calibrate",
    "choose_threshold", "costs", "count", "flips", "intent_confusions", "intent_rows", "iob2_tags", "is_exact",
    "read_predictions", "reject", "same_utterances", "score", "score_difference", "share", "slot_confusions",
    "slot_rows", "slot_spans", "write_predictions",
]  # fmt: skip
