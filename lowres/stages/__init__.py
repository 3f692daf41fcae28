"""The stages of a run in order; each reads what the ones before left and writes its own folder."""

from lowres.run import Stage
from lowres.stages.adapt import ADAPT
from lowres.stages.control import CONTROL
from lowres.stages.evaluate import EVALUATE
from lowres.stages.skyline import SKYLINE
from lowres.stages.synthesize import SYNTHESIZE

STAGES: dict[str, Stage] = {stage.name: stage for stage in (SYNTHESIZE, ADAPT, CONTROL, SKYLINE, EVALUATE)}
