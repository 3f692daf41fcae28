"""`lowres predict`: utterances read by an adapter."""

import json as json_module
from pathlib import Path

from lowres.errors import LowresError
from lowres.evaluation import Prediction
from lowres.text import nfc
from lowres.utterance import Utterance, format_utterance


def find_adapter(adapter: str, locale: str, *, signed: bool = False) -> Path:
    """The folder of a run, of an adapter, or of one on the shelf, by its name or its locale; what is a package is verified."""
    from lowres.registry import from_shelf
    from lowres.registry.check import verify

    place = Path(adapter)
    if not adapter or not place.is_dir():
        if "/" in adapter or "\\" in adapter:
            raise LowresError(adapter, "no adapter here", "a run folder, an adapter folder, or NAME[@VERSION] that was pulled")
        return from_shelf(adapter or locale, signed=signed).folder
    if signed:
        verify(place, signed=True)
    return place


def adapter_folder(place: Path) -> Path:
    """The adapter meant by a run folder or an adapter folder."""
    inside = place / "adapt" / "adapter"
    return inside if inside.is_dir() else place


def print_predictions(place: Path, texts: list[str], *, json: bool, ipa: bool) -> None:
    """Print intent and slots of each text, with its confidence; as JSON lines where asked."""
    from lowres.adapter import read_adapter
    from lowres.reading import predict

    utterances = [Utterance(id=str(i), text=_clean(text), locale="und") for i, text in enumerate(texts)]
    reader = read_adapter(adapter_folder(place))
    for prediction in predict(reader, utterances):
        sounds = _ipa(place, prediction.utterance.text) if ipa else ""
        print(_line(prediction, sounds) if json else _pretty(prediction, sounds))


def print_routed(texts: list[str], *, json: bool, signed: bool = False) -> None:
    """Print what the adapter says whose language each text is in, the base where it is one of its own or none is sure."""
    from dataclasses import asdict

    from lowres.serving.assistant import Assistant, Request
    from lowres.serving.installed import installed_adapters

    assistant = Assistant("lowres-mini", installed_adapters("lowres-mini", signed=signed), fast=False)
    cleaned = [_clean(text) for text in texts]
    for text, reply in zip(cleaned, assistant.read([Request(text=text) for text in cleaned]), strict=True):
        if json:
            print(json_module.dumps({"text": text} | asdict(reply), ensure_ascii=False))
            continue
        who = f"{reply.adapter}@{reply.version}" if reply.adapter else "base"
        slots = ", ".join(f"{slot.name}={slot.text!r}" for slot in reply.slots)
        print(
            "\n".join(
                [
                    text,
                    f"  {reply.intent}  {reply.confidence:.2f}  ({who}, {reply.locale or 'language unsure'})",
                    *([f"  {slots}"] if slots else []),
                ]
            )
        )


def _clean(text: str) -> str:
    """One line of NFC; what the shell handed over as bytes that are no UTF-8 is refused."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise LowresError("TEXT", f"{text[:40]!r} is not UTF-8", "UTF-8 text") from None
    return " ".join(nfc(text).split())


def _ipa(place: Path, text: str) -> str:
    from lowres.language import read_copied_card
    from lowres.phonology import transcribe

    return transcribe(text, read_copied_card(place / "language.yaml"))


def _line(prediction: Prediction, sounds: str) -> str:
    record = format_utterance(prediction.utterance) | {"confidence": round(prediction.confidence, 4)}
    return json_module.dumps(record | ({"ipa": sounds} if sounds else {}), ensure_ascii=False)


def _pretty(prediction: Prediction, sounds: str) -> str:
    said = prediction.utterance
    slots = ", ".join(f"{slot.name}={said.slot_text(slot)!r}" for slot in said.slots)
    lines = [said.text, f"  {said.intent}  {prediction.confidence:.2f}", *([f"  {slots}"] if slots else [])]
    return "\n".join([*lines, *([f"  [{sounds}]"] if sounds else [])])
