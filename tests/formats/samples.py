"""A valid file of every format, written for these tests."""

import pytest

from lowres.errors import LowresError
from lowres.formats import FORMATS

_CONLLU = (
    "# sent_id = s1\n# text = Wake me\n1\tWake\twake\tVERB\tVB\tMood=Imp\t0\troot\t_\t_\n"
    "1-2\tx\t_\t_\t_\t_\t_\t_\t_\t_\n2\tme\tI\tPRON\tPRP\t_\t1\tobj\t_\t_\n\n"
)
SAMPLES = {
    ("utterances", "massive"): (
        '{"id": "1", "locale": "en-US", "partition": "train", "intent": "alarm_set", "utt": "wake me at five am", '
        '"annot_utt": "wake me at [time : five am]", "scenario": "alarm"}\n'
    ),
    ("utterances", "injongo"): (
        '{"example_id": "train-0", "intent": "alarm", "text": "niamshe saa tatu", "spans": '
        '[{"start_byte": 8, "limit_byte": 16, "label": "TIME"}]}\n'
    ),
    (
        "utterances",
        "xsid",
    ): "# id = 1\n1\twake\talarm/set\tO\n2\tat\talarm/set\tO\n3\tfive\talarm/set\tB-time\n4\tam\talarm/set\tI-time\n\n",
    ("utterances", "conll"): (
        "# id = a\n# text = wake me at five am\n# intent = alarm\n1\twake\tO\t0:4\n2\tme\tO\t5:7\n3\tat\tO\t8:10\n"
        "4\tfive\tB-time\t11:15\n5\tam\tI-time\t16:18\n\n"
    ),
    (
        "utterances",
        "snips",
    ): '{"Play": [{"data": [{"text": "play "}, {"text": "malaika", "entity": "song"}, {"text": "\\n"}]}]}\n',
    ("utterances", "sib200"): 'index_id\tcategory\ttext\n7\tsports\t"A ""fast"" run."\n',
    ("utterances", "table"): "id\tannotated\tintent\tpartition\na\twake me at [time : five am]\talarm\ttest\n",
    ("lexicon", "freedict"): (
        "<?xml version='1.0' encoding='UTF-8'?>\n<TEI xmlns='http://www.tei-c.org/ns/1.0'><text><body>\n<entry><form><orth>kitabu</orth>"
        "</form><gramGrp><pos>n</pos></gramGrp><sense><cit type='trans'><quote>book</quote></cit></sense></entry>\n</body></text></TEI>\n"
    ),
    ("lexicon", "wiktionary"): "kitabu\tnoun\tbook (that is read)\n",
    ("lexicon", "gatitos"): "book\tkitabu\tbuku\n",
    ("lexicon", "apertium"): "book\tn\tkitabu\tn\t\n",
    ("lexicon", "pairs"): "book kitabu\nread\tsoma\n",
    ("lexicon", "table"): "source\ttarget\tupos\nbook\tkitabu\tNOUN\n",
    ("paradigms", "unimorph"): "soma\tnilisoma\tV;PST;1;SG\n\nsoma\tutasoma\tV;FUT;2;SG\tx\n",
    ("paradigms", "sigmorphon"): "soma\tV;PST;1;SG\tnilisoma\n",
    ("text", "lines"): "Habari ya asubuhi.\n\nKaribu.\n",
    ("text", "verses"): "b.MAT.1.1\tHapo mwanzo.\n",
    ("text", "table"): "id\ttext\na\tHabari.\n",
    ("text", "counted"): 'sentence,count\n"Ndiyo, bwana.",12\nHapana.,3\n',
    ("text", "conllu"): _CONLLU,
    ("text", "sib200"): "index_id\tcategory\ttext\n7\tsports\tMbio za kasi.\n",
    ("parallel", "bitext"): "en\tswa\nGood morning.\tHabari ya asubuhi.\n",
    ("treebank", "conllu"): _CONLLU,
    ("languages", "columns"): "code\tname\nswh\tSwahili\nyor\t\n",
    ("languages", "codes"): '{"sw": "swh"}\n',
}
SUFFIXES = {"counted": ".csv"}
BINARY = {("languages", "lang2vec")}


def readers():
    """(kind, format, reader) of everything in FORMATS, each reader once."""
    seen = set()
    for kind, formats in FORMATS.items():
        for name, reader in formats.items():
            if reader not in seen:
                seen.add(reader)
                yield kind, name, reader


def write(folder, kind, name, data):
    """`data` (bytes or text) as a file of that format."""
    path = folder / f"{kind}-{name}{SUFFIXES.get(name, '.txt')}"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def refusal(reader, folder, data, name="a.tsv"):
    """The message of the one line with which `reader` refuses `data`, without the folder."""
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    with pytest.raises(LowresError) as error:
        list(reader(path))
    return str(error.value).replace(f"{folder}/", "")


def rows(reader, folder, text, name="a.tsv", **fields):
    """What `reader` gives for `text`."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(reader(path, **fields))
