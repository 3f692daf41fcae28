"""Utterances as HTML: slots as coloured spans, words with their glosses.

Every text is escaped and has its direction and language.
"""

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from lowres.interlinear import word_slots
from lowres.language import Direction
from lowres.pair import COPY, Word
from lowres.synthesis import Kept
from lowres.utterance import Slot, Utterance

STYLE = """<style>
.lr-text {font-size: 1.25rem; line-height: 1.9; margin: .2rem 0; unicode-bidi: isolate; overflow-wrap: anywhere}
.lr-source {margin: 0; opacity: .85; unicode-bidi: isolate}
.lr-meta {font-size: .8rem; opacity: .75; margin: 0 0 .35rem; display: flex; gap: .2rem 1rem; flex-wrap: wrap}
.lr-meta b {font-weight: 600}
.lr-slot {display: inline-flex; flex-direction: column; align-items: center; vertical-align: top; line-height: 1.35;
  padding: 0 .35rem; border-radius: .3rem;
  background: hsl(var(--hue) 70% 50% / .2); border-bottom: 3px solid hsl(var(--hue) 65% 45%)}
.lr-slot small {font-size: .68rem; line-height: 1.3; opacity: .85}
ol.lr-gloss {display: flex; flex-wrap: wrap; gap: .35rem .9rem; margin: .5rem 0 .2rem;
  padding: 0 !important; list-style: none}
ol.lr-gloss li {display: flex; flex-direction: column; align-items: flex-start; margin: 0;
  padding: .1rem .3rem; border-radius: .3rem; border-bottom: 3px solid transparent}
ol.lr-gloss li.lr-in {background: hsl(var(--hue) 70% 50% / .12); border-bottom-color: hsl(var(--hue) 65% 45%)}
.lr-gloss b {font-size: 1.05rem; font-weight: 600; line-height: 1.6}
.lr-gloss i {font-size: .8rem; opacity: .85; font-style: italic}
.lr-gloss span {font-size: .9rem}
.lr-gloss small {font-size: .7rem; opacity: .85}
.lr-gloss .lr-ipa {font-size: .85rem; opacity: .9}
.lr-gloss small.lr-copy {opacity: 1; font-weight: 600; color: #b54708}
.lr-bar {height: .5rem; border-radius: .25rem; background: hsl(210 10% 50% / .25); margin: .1rem 0 .6rem;
  max-width: 20rem}
.lr-bar div {height: 100%; border-radius: .25rem; background: #0072B2}
.lr-words {line-height: 2; unicode-bidi: isolate}
.lr-words span {white-space: nowrap}
</style>"""

_HIDDEN = re.compile(r"[\ud800-\udfff]")
_MARKDOWN = re.compile(r"[!-/:-@\[-`{-~]")


def safe(text: object) -> str:
    """`text` for HTML, in an attribute as well; a lone surrogate, which no page can carry, becomes U+FFFD."""
    return escape(_HIDDEN.sub("\ufffd", str(text)))


def safe_markdown(text: object) -> str:
    """`text` on one line with nothing that Markdown reads."""
    return _MARKDOWN.sub(r"\\\g<0>", " ".join(_HIDDEN.sub("\ufffd", str(text)).split()))


def hue(name: str) -> int:
    """The colour of a slot name, 0..359: the same on every page."""
    return zlib.crc32(name.encode("utf-8", "replace")) * 137 % 360


def spans(utterance: Utterance, direction: Direction, lang: str) -> str:
    """The utterance as a paragraph, its slots coloured and named."""
    inside = "".join(_parts(utterance))
    return f'<p class="lr-text" dir="{direction}" lang="{safe(lang)}">{inside}</p>'


def _parts(utterance: Utterance) -> Iterator[str]:
    end = 0
    for slot in utterance.slots:
        yield safe(utterance.text[end : slot.start])
        name = f'<small dir="ltr" lang="en">{safe(slot.name)}</small>'
        text = f"<span>{safe(utterance.slot_text(slot))}</span>"
        yield f'<span class="lr-slot" style="--hue: {hue(slot.name)}">{text}{name}</span>'
        end = slot.end
    yield safe(utterance.text[end:])


def interlinear(kept: Kept, direction: Direction, source_lang: str, sounds: Sequence[str] = ()) -> str:
    """The words in reading order, each above its IPA where `sounds` has it for every written word, its lemma and features,
    the source phrase it renders, and its origin."""
    lang, pairs = safe(kept.utterance.locale), list(word_slots(kept))
    heard = sounds or [""] * len(pairs)
    cells = "".join(
        _word(word, slot, direction, lang, safe(source_lang), ipa) for (word, slot), ipa in zip(pairs, heard, strict=True)
    )
    return f'<ol class="lr-gloss" dir="{direction}">{cells}</ol>'


def _word(word: Word, slot: Slot | None, direction: Direction, lang: str, source_lang: str, ipa: str) -> str:
    inside = f' class="lr-in" style="--hue: {hue(slot.name)}" title="{safe(slot.name)}"' if slot else ""
    features = f'.<bdi dir="ltr" lang="en">{safe(".".join(sorted(word.features)))}</bdi>' if word.features else ""
    origin = f'<small dir="ltr" lang="en"{" class=lr-copy" if word.origin == COPY else ""}>{safe(word.origin)}</small>'
    heard = f'<span class="lr-ipa" dir="ltr" lang="{lang}-fonipa">{safe(ipa)}</span>' if ipa else ""
    return (
        f'<li{inside}><b dir="{direction}" lang="{lang}">{safe(word.form)}</b>{heard}'
        f'<i><bdi lang="{lang}">{safe(word.lemma)}</bdi>{features}</i>'
        f'<span dir="auto" lang="{source_lang}">{safe(word.gloss or "–")}</span>{origin}</li>'
    )


def pair_card(kept: Kept, direction: Direction, source_lang: str, sounds: Sequence[str] = ()) -> str:
    """A pair: what it means, the source, the target with its slots, and the words one by one, with IPA where `sounds` has it."""
    said = kept.utterance
    covered = f"<span>{kept.coverage:.0%} of the words rendered</span>"
    natural = "" if kept.naturalness is None else f"<span>naturalness {kept.naturalness:.2f}</span>"
    facts = f'<div class="lr-meta"><b>{safe(said.intent or "no intent")}</b>{covered}{natural}<span>{safe(said.id)}</span></div>'
    source = f'<p class="lr-source" dir="auto" lang="{safe(source_lang)}">{safe(kept.source)}</p>'
    return facts + source + spans(said, direction, said.locale) + interlinear(kept, direction, source_lang, sounds)


def confidence_bar(confidence: float) -> str:
    """A share, 0..1, as a bar and in words."""
    bar = f'<div class="lr-bar" aria-hidden="true"><div style="width: {confidence:.1%}"></div></div>'
    return f"<div>{confidence:.0%} sure</div>{bar}"


def glossed_words(
    rows: Iterable[tuple[str, tuple[str, ...]]], direction: Direction, lang: str, source_lang: str
) -> str:
    """Words in reading order, each above what the dictionary says of it."""
    cells = (
        f'<li><b dir="{direction}" lang="{safe(lang)}">{safe(word)}</b>'
        f'<span dir="auto" lang="{safe(source_lang)}">{safe(", ".join(glosses) or "–")}</span></li>'
        for word, glosses in rows
    )
    return f'<ol class="lr-gloss" dir="{direction}">{"".join(cells)}</ol>'


def counted_words(rows: Iterable[tuple[str, int]], direction: Direction, lang: str) -> str:
    """Words with how often they occur, in one paragraph."""
    said = " · ".join(
        f'<span><bdi dir="{direction}" lang="{safe(lang)}">{safe(word)}</bdi> <bdi dir="ltr">({n})</bdi></span>'
        for word, n in rows
    )
    return f'<p class="lr-words" dir="{direction}">{said}</p>'
