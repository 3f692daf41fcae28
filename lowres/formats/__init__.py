"""One file = one file format. A dict for each thing that files hold names its readers; FORMATS has them all.

    UTTERANCES  reader(path, *, locale, partition) -> Utterance: both fill in where the file itself says nothing
    LEXICONS    reader(path) -> Entry
    PARADIGMS   reader(path) -> Inflection
    TEXTS       reader(path) -> (key, text): key is a verse id, a line number, a count, …
    BITEXTS     reader(path) -> (key, left, right)
    TREEBANKS   reader(path) -> list of TreebankWord
    LANGUAGES   reader(path) -> what is known about languages: cells by column, (code, features), (code, code)

All but `snips`, `codes` (one JSON value a file) and `lang2vec` (arrays) read line by line.
Everything wrong with a file is a LowresError.
"""

from lowres.formats.conll import read_conll
from lowres.formats.conllu import read_conllu, read_conllu_text
from lowres.formats.freedict import read_freedict
from lowres.formats.injongo import read_injongo
from lowres.formats.lang2vec import read_lang2vec, read_language_codes
from lowres.formats.lines import read_lines
from lowres.formats.massive import read_massive
from lowres.formats.pairs import read_apertium, read_gatitos, read_pairs, read_table, read_wiktionary
from lowres.formats.sib200 import read_sib200, read_sib200_text
from lowres.formats.snips import read_snips
from lowres.formats.tables import read_bitext, read_columns, read_counted, read_text_table, read_utterance_table
from lowres.formats.unimorph import read_sigmorphon, read_unimorph
from lowres.formats.verses import read_verses
from lowres.formats.xsid import read_xsid

UTTERANCES = {
    "massive": read_massive,
    "injongo": read_injongo,
    "xsid": read_xsid,
    "conll": read_conll,
    "snips": read_snips,
    "sib200": read_sib200,
    "table": read_utterance_table,
}
LEXICONS = {
    "freedict": read_freedict,
    "wiktionary": read_wiktionary,
    "gatitos": read_gatitos,
    "apertium": read_apertium,
    "pairs": read_pairs,
    "table": read_table,
}
PARADIGMS = {"unimorph": read_unimorph, "sigmorphon": read_sigmorphon}
TEXTS = {
    "lines": read_lines,
    "verses": read_verses,
    "table": read_text_table,
    "counted": read_counted,
    "conllu": read_conllu_text,
    "sib200": read_sib200_text,
}
BITEXTS = {"bitext": read_bitext}
TREEBANKS = {"conllu": read_conllu}
LANGUAGES = {"columns": read_columns, "lang2vec": read_lang2vec, "codes": read_language_codes}

# by the `kind` of a data set in the catalogue
FORMATS = {
    "utterances": UTTERANCES,
    "lexicon": LEXICONS,
    "paradigms": PARADIGMS,
    "text": TEXTS,
    "parallel": TEXTS | BITEXTS,
    "treebank": TREEBANKS,
    "languages": LANGUAGES,
}
