"""What happens in a collection. An event is never changed; a later one may take it back or put another in its place.

`person` is always who did it, by pseudonym; `at` is UTC in ISO 8601. Events of one `key` exclude each other: the database
takes one of them only.
"""

import hashlib
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from lowres.catalog import Reference
from lowres.errors import LowresError
from lowres.text import nfc
from lowres.utterance import Slot, Utterance

Role = Literal["contributor", "judge", "adjudicator", "admin"]
ROLES: tuple[Role, ...] = ("contributor", "judge", "adjudicator", "admin")
Method = Literal["translation", "localization", "unchanged"]
Partition = Literal["train", "dev", "test"]
Origin = Literal["collected", "talk", "imported"]


def now() -> str:
    """The time as events have it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def new_id(prefix: str) -> str:
    """A name that nobody else gives."""
    return f"{prefix}-{uuid4().hex[:16]}"


def digest_of(text: str) -> str:
    """SHA-256 of a text, by which it is known that this one was agreed to."""
    return hashlib.sha256(text.encode()).hexdigest()


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MarkedSlot(_Strict):
    """Code points `start` to `end` of the text; `surface` is what they cover, checked wherever the slot travels.

    `method` says how the speaker came to it: translated, replaced by something of the place, or left as it was.
    """

    name: str = Field(min_length=1, max_length=100)
    start: int = Field(ge=0)
    end: int = Field(ge=1)
    surface: str
    method: Method | None = None


class Reading(_Strict):
    """A text with its intent and slots, as somebody marked them: NFC, slots in order, without overlap."""

    text: str = Field(min_length=1, max_length=500)
    intent: str = Field(max_length=100)
    slots: tuple[MarkedSlot, ...] = ()

    @model_validator(mode="after")
    def _fits(self):
        if self.text != nfc(self.text) or not self.text.strip():
            raise ValueError("NFC text, not empty")
        end = 0
        for slot in self.slots:
            if not end <= slot.start < slot.end <= len(self.text):
                raise ValueError(f"slot {slot.name} at {slot.start}:{slot.end}: slots in order, inside the text, without overlap")
            if self.text[slot.start : slot.end] != slot.surface:
                raise ValueError(f"slot {slot.name}: '{slot.surface}' is not at {slot.start}:{slot.end}")
            end = slot.end
        return self

    def utterance(self, id: str, locale: str, partition: str | None = None, **extra: Any) -> Utterance:
        """The same as an utterance."""
        slots = tuple(Slot(name=one.name, start=one.start, end=one.end) for one in self.slots)
        return Utterance(id=id, text=self.text, locale=locale, intent=self.intent, slots=slots, partition=partition, extra=extra)


def read_off(utterance: Utterance, methods: dict[str, Method] | None = None) -> Reading:
    """The reading of an utterance; `methods` by slot name."""
    slots = tuple(
        MarkedSlot(name=one.name, start=one.start, end=one.end, surface=utterance.slot_text(one), method=(methods or {}).get(one.name))
        for one in utterance.slots
    )
    return Reading(text=utterance.text, intent=utterance.intent or "", slots=slots)


class Prompt(_Strict):
    """What the speaker was asked to say in the language: an utterance of the source."""

    id: str
    text: str
    locale: str
    intent: str = ""


class _Event(_Strict):
    at: str = Field(default_factory=now)
    person: str = Field(min_length=1, max_length=64)
    collection: str = ""

    @property
    def key(self) -> str | None:
        """Events of one key exclude each other."""
        return None


class Opened(_Event):
    """A collection begins, or its settings change: the newest count. `train_share` and `dev_share` are of prompts."""

    kind: Literal["opened"] = "opened"
    collection: str = Field(pattern="^[a-z0-9][a-z0-9-]{0,63}$", description="its name, as files and recipes have it")
    title: str = Field(min_length=1, max_length=200)
    language: str = Field(pattern="^[a-z]{3}$")
    locale: str = Field(min_length=2, max_length=64)
    prompts: Reference
    overlap: int = Field(3, ge=1, le=9, description="judgments of each item")
    train_share: float = Field(0.0, ge=0, le=1)
    dev_share: float = Field(0.0, ge=0, le=1)
    licence: str = Field("CC-BY-4.0", min_length=1, max_length=100)
    consent: str = Field(min_length=1, max_length=4000, description="what a contributor agrees to, in their words")
    variants: tuple[str, ...] = Field((), description="BCP 47 tags of varieties and orthographies to choose from")


class Joined(_Event):
    """A person begins: a pseudonym, and the digest of who signs in as them ('' of an invitation)."""

    kind: Literal["joined"] = "joined"
    pseudonym: str = Field(min_length=1, max_length=64)
    subject: str = ""
    by: str = ""

    @property
    def key(self) -> str | None:
        return f"subject/{self.subject}" if self.subject else f"joined/{self.person}"


class Granted(_Event):
    """`whom` may (`on`), or may no longer, act as `role` in `language`; '*' is every language."""

    kind: Literal["granted"] = "granted"
    whom: str
    role: Role
    language: str = Field(pattern=r"^([a-z]{3}|\*)$")
    on: bool = True


class Invited(_Event):
    """A link that makes whoever follows it a `role`, once, until it expires."""

    kind: Literal["invited"] = "invited"
    token: str
    role: Role
    language: str = Field(pattern=r"^([a-z]{3}|\*)$")
    expires: str
    uses: int = Field(1, ge=1, le=1000)


class Redeemed(_Event):
    """A link was followed."""

    kind: Literal["redeemed"] = "redeemed"
    token: str
    use: int = Field(ge=1)

    @property
    def key(self) -> str | None:
        return f"redeemed/{self.token}/{self.use}"


class Consented(_Event):
    """The contributor agrees to the collection's text (its SHA-256) and licence."""

    kind: Literal["consented"] = "consented"
    licence: str
    text: str = Field(pattern="^[0-9a-f]{64}$")


class Withdrawn(_Event):
    """The contributor withdraws from a collection, or from all where it is '': no later export has an item of theirs of before."""

    kind: Literal["withdrawn"] = "withdrawn"


class Offered(_Event):
    """An utterance by a speaker. `reasons` answers each warning; `replaces` is an item of their own that this one corrects.

    The part is given once, by the prompt, so that two renderings of one prompt are never trained and tested on.
    """

    kind: Literal["offered"] = "offered"
    item: str
    reading: Reading
    locale: str
    orthography: str = ""
    partition: Partition
    prompt: Prompt | None = None
    origin: Origin = "collected"
    reasons: dict[str, str] = {}
    replaces: str = ""
    extra: dict[str, Any] = {}

    @property
    def key(self) -> str | None:
        return f"item/{self.item}"


class Skipped(_Event):
    """A prompt that the speaker left: it comes back to them last."""

    kind: Literal["skipped"] = "skipped"
    prompt: str


class Leased(_Event):
    """A task is somebody's until `until`: 'prompt/ID' or 'judge/ID'. Nothing locks: an expired lease is nobody's."""

    kind: Literal["leased"] = "leased"
    task: str
    until: str


class Judged(_Event):
    """One judge's opinion by MASSIVE's scales; `corrected` is how they would have marked it, None where it is right.

    intent and slots 0 wrong, 1 could be, 2 right; grammar 0 to 4; spelling 0 to 2; language 0 another, 1 mixed, 2 the target.
    """

    kind: Literal["judged"] = "judged"
    item: str
    attempt: int = 0
    intent: int = Field(ge=0, le=2)
    slots: int = Field(ge=0, le=2)
    grammar: int = Field(ge=0, le=4)
    spelling: int = Field(ge=0, le=2)
    language: int = Field(ge=0, le=2)
    corrected: Reading | None = None
    note: str = Field("", max_length=1000)

    @property
    def key(self) -> str | None:
        return f"judged/{self.item}/{self.person}/{self.attempt}"


class Adjudicated(_Event):
    """The decision on an item; `final` is its reading from now on. The original and all judgments stay as they are."""

    kind: Literal["adjudicated"] = "adjudicated"
    item: str
    decision: Literal["accepted", "corrected", "rejected"]
    final: Reading | None = None
    note: str = Field("", max_length=1000)

    @model_validator(mode="after")
    def _says(self):
        if (self.decision == "corrected") != (self.final is not None):
            raise ValueError("a final reading where it was corrected, and only there")
        return self


class Retracted(_Event):
    """Somebody takes back an event of their own: an item, a judgment, a skip."""

    kind: Literal["retracted"] = "retracted"
    of: int = Field(description="number of the event")

    @property
    def key(self) -> str | None:
        return f"retracted/{self.of}"


Event = Annotated[
    Opened | Joined | Granted | Invited | Redeemed | Consented | Withdrawn | Offered | Skipped | Leased | Judged | Adjudicated | Retracted,
    Field(discriminator="kind"),
]
_EVENT: TypeAdapter = TypeAdapter(Event)


def parse_event(body: str | bytes) -> Event:
    """The event of a JSON text; LowresError says what is wrong with it."""
    from pydantic import ValidationError

    try:
        return _EVENT.validate_json(body)
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        raise LowresError("event", f"{'.'.join(map(str, detail['loc']))}: {detail['msg']}", "an event of lowres") from None


def format_event(event: Event) -> str:
    """JSON of an event; `parse_event` is its inverse."""
    return event.model_dump_json()
