"""One file = one file format; FORMATS names the readers, by what they give."""

from lowres.formats.freedict import read_freedict
from lowres.formats.injongo import read_injongo
from lowres.formats.lines import read_lines
from lowres.formats.massive import read_massive
from lowres.formats.pairs import read_apertium, read_gatitos, read_pairs, read_table, read_wiktionary
from lowres.formats.unimorph import read_sigmorphon, read_unimorph
from lowres.formats.verses import read_verses
from lowres.formats.xsid import read_xsid

UTTERANCES = {"massive": read_massive, "injongo": read_injongo, "xsid": read_xsid}
LEXICONS = {
    "freedict": read_freedict,
    "wiktionary": read_wiktionary,
    "gatitos": read_gatitos,
    "apertium": read_apertium,
    "pairs": read_pairs,
    "table": read_table,
}
PARADIGMS = {"unimorph": read_unimorph, "sigmorphon": read_sigmorphon}
TEXTS = {"lines": read_lines, "verses": read_verses}
FORMATS = {**UTTERANCES, **LEXICONS, **PARADIGMS, **TEXTS}
