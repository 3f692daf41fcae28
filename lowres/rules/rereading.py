"""Words read again, for a language's own rules: what was taken for a name, phrases that hide a clause, clitics.

Speech has no capitals: "cancel the alarm" and "jazz" look like names to a tagger of written text.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from lowres.english import CLITICS
from lowres.lexicon import Translation
from lowres.pair import COPY, NOTHING, Pair, Word, changed, make_word
from lowres.rules.resources import Resources

COMPARED = frozenset({"CMPR", "SPRL"})
_COMMAND = frozenset({"IMP", "2"})
_DOUBTFUL = frozenset({"PROPN", "X", "INTJ", "VERB", "ADJ", "ADV"})  # what an unknown word may have been taken for
_OBJECTS = frozenset({"DET", "PRON", "PROPN"})  # what begins them
_TRUSTED = 2  # score of an entry: higher than that of a collected lexicon alone


# --- by an entry of the lexicon


def entered(word: Word, entry: Translation, upos: str, features: frozenset[str] | None = None) -> Word:
    """`word` rendered by another entry of the lexicon."""
    return changed(word, form=entry.form, lemma=entry.form, upos=upos or word.upos, features=features, origin=entry.lexicon)


def by_entry(pair: Pair, word: Word, resources: Resources, kinds: Sequence[str], keys: tuple[str, ...] = ()) -> Word:
    """`word` as the first of the parts of speech `kinds` that a trusted entry has; itself where there is none.

    `keys` are the source's lemma and form where not given.
    """
    for upos in kinds:
        options, _ = resources.lexicon.ranked(keys or (pair.lemma(word), pair.form(word)), upos)
        if options and options[0].upos == upos and options[0].score > _TRUSTED:
            return entered(word, options[0], upos, word.features - {"SG"})
    return word


def by_command(pair: Pair, word: Word, resources: Resources) -> Word:
    """An opening word as a command, else as the noun or adjective that the lexicon has; one that no lexicon has, before an
    article or a pronoun, is a command as well."""
    found = by_entry(pair, word, resources, ("VERB", "NOUN", "ADJ"))
    if found is not word:
        return changed(found, features=_COMMAND) if found.upos == "VERB" else found
    borrowed = word.origin == COPY and _upos_after(pair, word) in ("DET", "PRON")
    return changed(word, upos="VERB", features=_COMMAND) if borrowed else word


def common_word(pair: Pair, word: Word, resources: Resources, opening: bool) -> Word:
    """A word that was taken for a name as the word that the lexicon has; an `opening` one, or "noun", as a command."""
    if word.origin == COPY and len(word.source) == 1 and word.upos in _DOUBTFUL:
        kinds = ("NOUN", "ADJ") if pair.slot(word) >= 0 else ("NOUN", "ADJ", "VERB")
        return by_command(pair, word, resources) if opening else by_entry(pair, word, resources, kinds)
    return by_command(pair, word, resources) if opening and _is_mistaken(pair, word, resources) else word


def _is_mistaken(pair: Pair, word: Word, resources: Resources) -> bool:
    """Whether an opening "noun" is a command: only a collected lexicon has it as a noun ("play music"), or a
    determiner, a pronoun or a name follows it ("book uber")."""
    if word.upos not in ("NOUN", "ADJ") or not word.source:
        return False
    if _upos_after(pair, word) in _OBJECTS:
        return True
    options, _ = resources.lexicon.ranked((pair.lemma(word),), "NOUN")
    return word.upos == "NOUN" and not any(one.upos == "NOUN" and one.score > _TRUSTED for one in options)


def _upos_after(pair: Pair, word: Word) -> str:
    i = word.source[-1] + 1
    return pair.tokens[i].upos if i < len(pair.tokens) else ""


def compared(pair: Pair, word: Word, resources: Resources, origin: str, more: str, most: str) -> Word:
    """A comparative or superlative by its own entry (latest), else after `more` or `most`."""
    options, _ = resources.lexicon.ranked((pair.form(word),), word.upos)
    if options:
        return entered(word, options[0], "")
    if word.origin == COPY:
        return word
    return changed(word, form=(more if "CMPR" in word.features else most) + word.form, origin=origin)


def spelt_letter(pair: Pair, word: Word, resources: Resources) -> str:
    """The name of the letter that a spelt one ("b.") is; ''."""
    form = pair.form(word) if len(word.source) == 1 else ""
    return resources.letters.get(f"^{form[0]}$", "") if len(form) == 2 and form[1] == "." else ""


# --- by its place


def small_word(pair: Pair, word: Word, following: Word | None, resources: Resources, opening: bool) -> Word:
    """Comparatives and participles by their own entry (newest); an unknown small word as what it may be, a command where
    it is the `opening` one."""
    found = resources.lexicon.translations.get(word.key, ())
    if not found:
        return word
    if word.features & COMPARED:
        return entered(word, found[0], "ADJ")
    if word.upos == "VERB" and word.key.endswith(("ing", "ed")) and following is not None and following.upos == "NOUN":
        best = next((one for one in found if one.upos == "ADJ"), None)
        return word if best is None else entered(word, best, "ADJ")
    if word.upos not in ("PROPN", "NOUN", "ADJ") or pair.slot(word) >= 0:
        return word
    if opening and following is not None and (following.upos in _OBJECTS or pair.slot(following) >= 0):
        best = next((one for one in found if one.upos == "VERB" and one.score >= 0.3 * found[0].score), None)
        if best is not None:
            return entered(word, best, "VERB", _COMMAND)
    return entered(word, found[0], found[0].upos) if word.origin == COPY and word.key.isalpha() else word


def lowered(pair: Pair, word: Word) -> Word:
    """Names small where the source writes them small."""
    small = word.form.lower()
    same = small == word.form or not word.source
    return word if same or not all(pair.tokens[k].form.islower() for k in word.source) else changed(word, form=small)


# --- phrases and clitics taken apart


def unbound(pair: Pair, resources: Resources, hides: Callable[[Word, list[str]], bool]) -> list[Word]:
    """Phrases of which `hides(word, source words)` says that they hide a clause ("i need", "is there") word by word again;
    initials ("b. b. c.") as they were."""
    words: list[Word] = []
    for word in pair.words:
        parts = word.gloss.split() if len(word.source) > 1 else []
        if len(word.gloss) == 2 and word.gloss[1] == ".":
            words.append(make_word(word.gloss, word.gloss, "PROPN", NOTHING, word.source, COPY, word.gloss))
        elif len(parts) > 1 and hides(word, parts):
            words.extend(_alone(pair, i, resources) for i in word.source)
        else:
            words.append(word)
    return words


def _alone(pair: Pair, i: int, resources: Resources) -> Word:
    """Token `i` by its own best entry."""
    token = pair.tokens[i]
    found, _ = resources.lexicon.ranked((token.lemma, token.form), token.upos)
    form, origin = (found[0].form, found[0].lexicon) if found else (token.form, COPY)
    return make_word(form, form, token.upos, token.features, (i,), origin, token.form)


def unclipped(
    words: Iterable[Word], origin: str, hosts: Mapping[str, str], negation: tuple[str, str] = ("n't", "AUX")
) -> list[Word]:
    """Clitics as words of their own: what's, i'm, don't; `hosts` says what "n't" has shortened, `negation` is its form and
    part of speech."""
    out: list[Word] = []
    for word in words:
        clitic = _clitic(word) if len(word.source) == 1 else ""
        host = word.key.removesuffix(clitic)
        if not clitic:
            out.append(word)
            continue
        form, upos = negation if clitic == "n't" else (clitic, "AUX")
        out.append(changed(word, gloss=hosts.get(host, host) if clitic == "n't" else host))
        out.append(make_word(form, form, upos, NOTHING, word.source, origin, clitic))
    return out


def _clitic(word: Word) -> str:
    if "'" not in word.gloss or "PSS" in word.features:
        return ""
    return next((clitic for clitic in CLITICS if word.key.endswith(clitic)), "")
