"""CoNLL with BIO slots: text and offsets come back exactly; typical mistakes."""

import pytest

from lowres.formats.conll import format_sentence, read_conll, read_sentences
from lowres.utterance import Slot
from tests.formats.samples import refusal, rows

HEAD = "# text = wake me at five am\n# intent = alarm\n"
ROWS = "1\twake\tO\n2\tme\tO\n3\tat\tO\n4\tfive\tB-time\n5\tam\tI-time\n"


def there_and_back(tmp_path, text, slots, **comments):
    path = tmp_path / "a.conll"
    path.write_text(format_sentence(text, slots, {"text": text} | comments), encoding="utf-8")
    return next(read_sentences(path))


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("wake  me\tat five", [(6, 8)]),
        ("saatatu", [(3, 7)]),  # begins inside a word
        ("saatatuleo", [(0, 3), (3, 7)]),  # two slots side by side in a word
        (" saa tatu ", [(0, 10)]),  # white space at the edges
        ("a   b", [(1, 4)]),  # white space only
        ("你好明天见", [(2, 4)]),
        ("ጤና፡ይስጥልኝ፡ነገ", [(8, 10)]),
        ("مجھے پانچ بجے جگاؤ", [(5, 13)]),
        ("می‌خواهم", [(0, 8)]),  # a zero-width non-joiner
        ("# B-x O _", [(0, 1), (2, 5), (8, 9)]),
        ("፡", []),
        ("፡", [(0, 1)]),
    ],
)
def test_text_and_slots_come_back_exactly(tmp_path, text, slots):
    marked = tuple(Slot(name="time", start=start, end=end) for start, end in slots)
    found = there_and_back(tmp_path, text, marked, note=" x = y ")
    assert (found.text, found.slots) == (text, marked)
    assert found.comments == {"text": text, "note": " x = y "}


def test_utterances_have_what_the_comments_say_and_else_what_was_said_for_all(tmp_path):
    text = f"# a comment of the whole file\n\n# id = x\n# locale = sw\n# speaker = 7\n# partition = dev\n{HEAD}{ROWS}\n{HEAD}{ROWS}"
    first, second = rows(read_conll, tmp_path, text, locale="kk", partition="test")
    assert (first.id, first.locale, first.partition, first.extra) == ("x", "sw", "dev", {"speaker": "7"})
    assert (second.id, second.locale, second.partition, second.extra) == ("2", "kk", "test", {})
    assert [(slot.name, second.slot_text(slot)) for slot in second.slots] == [("time", "five am")]


def test_without_a_text_the_words_are_joined(tmp_path):
    one = rows(read_conll, tmp_path, f"# intent = alarm\n{ROWS}")[0]
    assert (one.text, one.slot_text(one.slots[0])) == ("wake me at five am", "five am")


def test_white_space_at_the_edges_is_outside_of_an_utterances_slot(tmp_path):
    text = format_sentence(" a  ", [Slot(name="x", start=0, end=3)], {"text": " a  ", "intent": "i"})
    assert rows(read_conll, tmp_path, text)[0].slots == (Slot(name="x", start=1, end=2),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"# text = wake me\n{ROWS}", "a.tsv:4: 'at' does not come next in the text; the words of '# text = …' in order"),
        (f"# text = wake me at five am\n{ROWS}", "a.tsv:1: no '# intent = …'; a comment with the intent"),
        (f"# id = a\n{HEAD}{ROWS}\n# id = a\n{HEAD}{ROWS}", "a.tsv:10: the id 'a' again; each id once"),
        (f"{HEAD}{HEAD}", "a.tsv:3: '# text' again; each comment once"),
        (f"{HEAD}{ROWS}# id = b\n", "a.tsv:8: a comment below words; an empty line between utterances"),
        (f"{HEAD}1\twake O\n", "a.tsv:3: '1\\twake O'; number, piece, BIO slot"),
        (f"{HEAD}1\twake\tE-time\n", "a.tsv:3: the slot 'E-time'; O, B-name or I-name"),
        (f"{HEAD}1\twake\tO\t1:4\n", "a.tsv:3: the text has 'ake' at 1:4, not 'wake'; the piece that is there"),
        (f"{HEAD}1\twake\tO\t0:99\n", "a.tsv:3: code points '0:99' of 18; start:end, in order, inside the text"),
        (f"{HEAD}1\twake\tO\tx\n", "a.tsv:3: code points 'x' of 18"),
        (f"{HEAD}1\tme\tO\t5:7\n2\twake\tO\t0:4\n", "a.tsv:4: code points '0:4' of 18"),
        (f"# partition = all\n{HEAD}{ROWS}", "a.tsv:1: partition 'all'; train, dev or test"),
    ],
)
def test_mistakes_are_named_with_their_line(tmp_path, text, message):
    assert refusal(read_conll, tmp_path, text).startswith(message)
