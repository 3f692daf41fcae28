"""The JSON that the server reads and writes."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from lowres.serving.assistant import Reply


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Ask(_Strict):
    """A text to read, by the adapter that is named, by that of its locale, or by that of the language it seems to be in."""

    text: str = Field(min_length=1, description="what somebody said", examples=["niamshe saa moja asubuhi"])
    locale: str | None = Field(None, max_length=64, description="BCP 47 tag", examples=["sw-KE"])
    adapter: str | None = Field(None, max_length=128, description="name or name@version", examples=["swh-massive"])


class SlotOut(BaseModel):
    """A slot: code points `start` to `end` (exclusive) of the text as it was sent."""

    name: str
    start: int
    end: int
    text: str
    confidence: float


class ReplyOut(BaseModel):
    """What was read; `adapter` and `version` are empty where the base itself read it, `locale` where it is not known."""

    intent: str
    intent_confidence: float
    slots: list[SlotOut]
    confidence: float = Field(description="the probability that intent and slots are all right")
    adapter: str
    version: str
    locale: str
    route: Literal["adapter", "locale", "language", "identified", "unsure"]


class ErrorOut(BaseModel):
    """Why there is no reply, in one line."""

    error: str


class AdapterOut(BaseModel):
    """An adapter that can be asked for."""

    name: str
    version: str
    language: str
    locale: str
    identified: bool = Field(description="whether texts without a locale find it")


def reply_out(reply: Reply) -> ReplyOut:
    """A reply as JSON has it."""
    slots = [SlotOut(name=s.name, start=s.start, end=s.end, text=s.text, confidence=round(s.confidence, 4)) for s in reply.slots]
    return ReplyOut(
        intent=reply.intent, intent_confidence=round(reply.intent_confidence, 4), slots=slots, confidence=round(reply.confidence, 4),
        adapter=reply.adapter, version=reply.version, locale=reply.locale, route=reply.route,
    )  # fmt: skip
