"""The card (README.md) of a data set in Hugging Face's form: YAML for machines, the same for people."""

from collections.abc import Mapping, Sequence
from typing import Any

from lowres.collection.exchange.item import About, Collected, licences_of, title_of
from lowres.collection.exchange.rows import EXTRA

_TEXT, _NUMBER = {"dtype": "string"}, {"dtype": "int64"}
# identifiers of licences as the hub has them; any other is spelt out
_LICENCES = {name: name.lower() for name in "CC0-1.0 CC-BY-4.0 CC-BY-SA-4.0 CC-BY-NC-4.0 CC-BY-NC-SA-4.0 MIT Apache-2.0".split()}
_SLOT = {"name": _TEXT, "start": _NUMBER, "end": _NUMBER, "surface": _TEXT, "method": _TEXT}
_SLOTS = {"list": [{"name": key} | kind for key, kind in _SLOT.items()]}
_CORRECTED = {"struct": [{"name": "text"} | _TEXT, {"name": "intent"} | _TEXT, {"name": "slots"} | _SLOTS]}
_PROMPT = {"struct": [{"name": key} | _TEXT for key in ("id", "text", "locale", "intent")]}
_JUDGMENTS = {
    "list": [
        *({"name": key} | _TEXT for key in ("at", "person", "collection", "item")),
        *({"name": key} | _NUMBER for key in ("attempt", "intent", "slots", "grammar", "spelling", "language")),
        {"name": "corrected"} | _CORRECTED,
        {"name": "note"} | _TEXT,
    ]
}
_TYPES = {
    "id": _TEXT, "text": _TEXT, "intent": _TEXT, "slots": _SLOTS, "locale": _TEXT, "language": _TEXT, "orthography": _TEXT,
    "partition": _TEXT, "prompt": _PROMPT, "origin": _TEXT, "contributor": _TEXT, "licence": _TEXT, "status": _TEXT,
    "judgments": _JUDGMENTS,
}  # fmt: skip


def card(items: Sequence[Collected], sizes: Mapping[str, int], own: Sequence[str], about: About) -> str:
    """The card of a data set with so many items by split; `own` are columns beyond ours."""
    from lowres.settings import format_yaml

    title = title_of(items, about)
    return f"---\n{format_yaml(_settings(items, sizes, own, title))}---\n\n# {title}\n\n{_body(items, sizes, about)}"


def _settings(items: Sequence[Collected], sizes: Mapping[str, int], own: Sequence[str], title: str) -> dict[str, Any]:
    licence = licences_of(items)
    files = [{"split": split, "path": f"data/{split}.jsonl"} for split in sizes]
    features = [{"name": name} | kind for name, kind in _TYPES.items()]
    features += [{"name": name} | _TEXT for name in (*own, EXTRA)]
    named = {"license": _LICENCES[licence]} if licence in _LICENCES else {"license": "other", "license_name": licence or "unknown"}
    return {
        "pretty_name": title,
        "language": _languages(items),
        **named,
        "task_categories": ["text-classification", "token-classification"],
        "configs": [{"config_name": "default", "data_files": files}] if files else [],
        "dataset_info": [{"config_name": "default", "features": features}],
    }


def _body(items: Sequence[Collected], sizes: Mapping[str, int], about: About) -> str:
    intents = {one.reading.intent for one in items}
    lines = ["| part | utterances |", "|---|---|", *(f"| {split} | {n} |" for split, n in sizes.items()), ""]
    n_slots = sum(len(one.reading.slots) for one in items)
    lines += [f"Intents: {len(intents)}. Slots: {n_slots}. Speakers: {len({one.contributor for one in items})}.", ""]
    lines += ["Slots are code points `start` to `end` (excluded) of `text`, which is in NFC; `surface` is what they cover.", ""]
    lines += [f"Licence: {licences_of(items) or 'not said'}.", ""]
    return "\n".join(lines) + (f"Sources:\n\n```bibtex\n{about.sources.strip()}\n```\n" if about.sources.strip() else "")


def _languages(items: Sequence[Collected]) -> list[str]:
    return sorted({one.language for one in items})
