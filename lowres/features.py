"""Facts of the UniMorph schema: which features there are, in which dimension, and which of them go unmarked.

The list is our own, after the schema's dimensions (Sylak-Glassman 2016) and what published tables write beside them.
"""

import re

_DIMENSIONS = {
    "part of speech": "ADJ ADP ADV ART AUX CLF COMP CONJ DET INTJ N NUM PART PRO PROPN V",
    "finiteness": "FIN NFIN V.CVB V.MSDR V.PTCP",
    "tense": "PRS PST FUT 1DAY HOD IMMED RCT RMT",
    "aspect": "HAB IPFV ITER PFV PRF PROG PROSP",
    "aktionsart": "ACCMP ACH ACTY ATEL DUR DYN PCT SEMEL STAT TEL",
    "mood": "ADM AUNPRP AUPRP COND DEB DED IMP IND INTEN IRR LKLY NEC OBLIG OPT PERM POT PURP REAL SBJV SIM",
    "person": "0 1 2 3 4 EXCL INCL OBV PRX",
    "number": "SG PL DU TRI PAUC GPAUC GRPL INVN",
    "case": (
        "NOM ACC ERG ABS DAT GEN VOC BEN PRP INS COM ABL ALL LOC ESS TRANS PRIV PROPR EQTV COMPV FRML PRT REL NOMS AVR TERM "
        "VERS APPRX PROX AT IN ON INTER ANTE POST SUB CIRC APUD CONTR ONHR ONVR REM ILL INE ELA ADE"
    ),
    "definiteness": "DEF INDF SPEC NSPEC",
    "gender": "MASC FEM NEUT BANTU NAKH",
    "animacy": "ANIM HUM INAN NHUM",
    "comparison": "AB CMPR EQT RL SPRL",
    "polarity": "POS NEG",
    "politeness": "AVOID COL ELEV FOREG FORM HIGH HUMB INFM LIT LOW POL STELEV STSUPR",
    "possession": "ALN NALN PSSD PSSRS",
    "voice": "ACFOC ACT AGFOC ANTIP BFOC CFOC DIR IFOC INV LFOC MID PASS PFOC",
    "valency": "APPL CAUS DITR IMPRS INTR RECP REFL TR",
    "evidentiality": "ASSUM AUD DRCT FH HRSY INFER INFR NFH NVSEN QUOT RPRT SEN",
    "interrogativity": "DECL INT",
    "deixis": "ABV BEL EVEN MED NOREF NVIS PHOR REF1 REF2 REMT VIS",
    "information": "FOC TOP",
    "switch-reference": "CN_R_MN DS DSADV LOG OR SEQMA SIMMA SS SSADV",
}
_DIMENSION = {feature: name for name, listed in _DIMENSIONS.items() for feature in listed.split()}
_NUMBERED = (
    (re.compile(r"BANTU\d{1,2}|NAKH\d"), "gender"),
    (re.compile(r"PSS([0-4][SDPT]?(INCL|EXCL)?[MFN]?(FORM|INFM)?)?"), "possession"),
    (re.compile(r"ARG(NO|NOM|AC|ACC|AB|ABS|ER|ERG|DA|DAT|IO|BE|BEN)?[0-4]?[SDPT]?[MFN]?"), "argument"),
    (re.compile(r"LGSPEC\d{1,3}"), "language"),
)
# what a form has when nobody asks for anything
UNMARKED = frozenset("SG NOM ABS IND FIN POS ACT INDF 3 MASC PRS DECL INFM COL".split())


def dimension(feature: str) -> str:
    """The schema's dimension of a feature, '' where the schema has no such feature; "IN+ALL" is a case."""
    parts = feature.split("+")
    if len(parts) > 1:
        found = {dimension(part) for part in parts}
        return found.pop() if len(found) == 1 else ""
    return _DIMENSION.get(feature) or next((name for pattern, name in _NUMBERED if pattern.fullmatch(feature)), "")


def known_features() -> frozenset[str]:
    """Every feature that the schema lists by name."""
    return frozenset(_DIMENSION)


def dimensions() -> tuple[str, ...]:
    """The schema's dimensions that a card may name."""
    return tuple(_DIMENSIONS)
