"""Three pairs of right-to-left Urdu."""

from lowres.pair import Word
from lowres.synthesis import Kept
from lowres.utterance import Slot, Utterance

HOSTILE = "<script>alert(1)</script>"


def urdu_pairs() -> list[Kept]:
    """A whole pair with a slot of two words, one with a copied word, and one that would like to be HTML."""
    table = {"کل": "tomorrow", "صبح": "morning", "الارم": "alarm", "لگاؤ": "set", "موسیقی": "music", "بجاؤ": "play"}
    words = {
        form: Word(form, form, "NOUN", frozenset(), (i,), "words", gloss)
        for i, (form, gloss) in enumerate(table.items())
    }
    words["لگاؤ"] = Word("لگاؤ", "لگانا", "VERB", frozenset({"V", "IMP"}), (0,), "paradigm:table", "set")
    copied = Word("jazz", "jazz", "NOUN", frozenset(), (1,), "copy", "jazz")
    hostile = Word(HOSTILE, HOSTILE, "X", frozenset(), (0,), "copy", HOSTILE)
    return [
        _pair(
            "1:0",
            "alarm_set",
            "set an alarm tomorrow morning",
            [words[w] for w in ("کل", "صبح", "الارم", "لگاؤ")],
            ("time", 0, 2),
            1.0,
        ),
        _pair("2:0", "play_music", "play jazz music", [copied, words["موسیقی"], words["بجاؤ"]], ("genre", 0, 1), 0.67),
        _pair("3:0", "odd", f"{HOSTILE} $x$ :red[y]", [hostile], (HOSTILE, 0, 1), 0.0),
    ]


def _pair(id: str, intent: str, source: str, words: list[Word], slot: tuple[str, int, int], coverage: float) -> Kept:
    """`slot` is a name, its first word, and the word after its last."""
    name, first, after = slot
    start = sum(len(word.form) + 1 for word in words[:first])
    end = start + len(" ".join(word.form for word in words[first:after]))
    text = " ".join(word.form for word in words)
    said = Utterance(
        id=id,
        text=text,
        locale="ur-PK",
        intent=intent,
        slots=(Slot(name=name, start=start, end=end),),
        partition="train",
    )
    return Kept(said, source, tuple(words), coverage)
