"""The fast path: the encoder as one ONNX graph with LoRA among its inputs, so that it serves every language and every mix.

Half the time of the same forward pass in torch on one core, for one utterance and for sixty-four, with the same answers:
both compute in single precision. int8 (dynamic quantisation) would halve it again, but scales each layer's input by the
largest number in the batch, so that an utterance's answer would depend on what others say at the same moment.
"""

import io
import logging
import warnings
from collections.abc import Callable, Sequence
from contextlib import contextmanager

import numpy as np
import torch
from torch import Tensor

from lowres.errors import LowresError
from lowres.serving.spread import SpreadEncoder

_OPSET = 17
_NEAR = 1e-3  # of states of unit size; rounding is below 1e-5
_INPUTS = ("embedded", "mask")


def open_graph(encoder: SpreadEncoder, size: int, threads: int = 1) -> Callable[[Tensor, Tensor, Sequence[Tensor]], Tensor]:
    """`encoder.read` in ONNX Runtime, for embeddings of `size`; LowresError where it cannot be, or does not agree."""
    try:
        import onnxruntime
    except ImportError:
        raise LowresError("fast path", "onnxruntime is not installed", "pip install 'lowres[serve]'") from None
    names = [*_INPUTS, *(f"{side}{i}" for i in range(len(encoder.layers)) for side in "AB")]
    try:
        session = onnxruntime.InferenceSession(_export(encoder, size, names), _options(threads), providers=["CPUExecutionProvider"])
        read = _reader(session, names)
        far = max(float((read(*one) - encoder.read(*one)).abs().max()) for one in (_sample(encoder, size, n) for n in (1, 3)))
    except Exception as error:  # whatever an exporter raises: the encoder itself still reads
        raise LowresError("fast path", f"the base has no ONNX graph ({str(error).splitlines()[:1]})", "fast=False") from error
    if not far < _NEAR:
        raise LowresError("fast path", f"the base's ONNX graph is {far:.2g} off", "fast=False")
    return read


def _reader(session, names: Sequence[str]) -> Callable[[Tensor, Tensor, Sequence[Tensor]], Tensor]:
    def read(embedded: Tensor, mask: Tensor, parts: Sequence[Tensor]) -> Tensor:
        given = (one.numpy() for one in (embedded, mask, *parts))
        return torch.from_numpy(session.run(None, dict(zip(names, given, strict=True)))[0])

    return read


def _options(threads: int):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.enable_mem_pattern = False  # it pays where all batches have one shape
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # a core that waits is free for others
    return options


def _sample(encoder: SpreadEncoder, size: int, n: int) -> tuple[Tensor, Tensor, list[Tensor]]:
    """Two rows of each of `n` adapters, one of them shorter."""
    draw = np.random.default_rng(n).standard_normal
    shapes = [shape for size_in, size_out in encoder.shapes for shape in ((n, size_in, 2 + n), (n, 2 + n, size_out))]
    mask = torch.ones(2 * n, 5 + n, dtype=torch.long)
    mask[1, 3:] = 0
    embedded, *parts = (torch.from_numpy(draw(shape, np.float32)) for shape in ((2 * n, 5 + n, size), *shapes))
    return embedded, mask, [0.02 * part for part in parts]


def _export(encoder: SpreadEncoder, size: int, names: Sequence[str]) -> bytes:
    """The graph, with free numbers of rows and pieces, of adapters and of their ranks."""
    axes = {"embedded": {0: "rows", 1: "pieces"}, "mask": {0: "rows", 1: "pieces"}}
    axes |= {name: {0: "adapters", (2 if name[0] == "A" else 1): f"rank{name[1:]}"} for name in names[len(_INPUTS) :]}
    embedded, mask, parts = _sample(encoder, size, 2)
    file = io.BytesIO()
    with _quietly(), torch.no_grad():
        torch.onnx.export(
            encoder, (embedded, mask, *parts), file, input_names=list(names), output_names=["states"], dynamic_axes=axes,
            opset_version=_OPSET, dynamo=False,
        )  # fmt: skip
    return file.getvalue()


@contextmanager
def _quietly():
    """Without the exporter's warnings; what it makes is compared with the encoder."""
    logger = logging.getLogger("torch.onnx")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
