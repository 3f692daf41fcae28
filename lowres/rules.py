"""Rules: `rule(pair, resources, rng) -> Pair`, pure; the built-in ones, and how a recipe's names find theirs."""

import importlib.util
import random
from bisect import bisect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import accumulate
from pathlib import Path

from lowres.analysis import Token
from lowres.errors import LowresError, nearest
from lowres.language import Language
from lowres.lexicon import OWN_TRUST, Lexicon, Translation
from lowres.morphology import Inflector, Paradigms
from lowres.pair import COPY, NOTHING, Pair, Word, changed, make_word
from lowres.resources import bundled_folder
from lowres.text import fold


@dataclass(slots=True)
class Resources:
    """What rules may read: the target language's card, lexicon and inflector."""

    language: Language
    lexicon: Lexicon = field(default_factory=Lexicon)
    inflector: Inflector = field(default_factory=lambda: Inflector(Paradigms()))
    letters: dict[str, str] = field(default_factory=dict)  # source letters -> the target script's, for names
    spelt: dict[str, str] = field(default_factory=dict)  # what `transliterate` made of each form


Rule = Callable[[Pair, Resources, random.Random], Pair]


def look_up(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Render tokens by the lexicon: phrasal verbs, then the longest phrase, then single words by form and lemma.

    Choice among translations is drawn in proportion to the square of their rank weight. Names are only
    translated where the lexicon has them as names.
    """
    lexicon, tokens = resources.lexicon, pair.tokens
    particle_of = _particles(pair, lexicon)
    taken = set(particle_of.values())
    own = {word.source[0]: word for word in pair.words if word.source}
    words: list[Word] = []
    i = 0
    while i < len(tokens):
        if i in taken or i not in own:  # a rule before left it out
            i += 1
            continue
        size, options, weights = _match(pair, lexicon, i, particle_of, taken)
        token = tokens[i]
        if options:
            source = (i, particle_of[i]) if i in particle_of else tuple(range(i, i + size))
            best = _draw(options, weights, rng)
            gloss = token.form if len(source) == 1 else " ".join([tokens[k].form for k in source])
            words.append(make_word(best.form, best.form, best.upos or token.upos, token.features, source, best.lexicon, gloss))
        elif not _is_infinitive_to(token):  # which has no word of its own in most languages
            words.append(own[i])
        i += size
    return pair.with_words(words)


def _is_infinitive_to(token: Token) -> bool:
    return token.upos == "PART" and token.lemma == "to"


def _particles(pair: Pair, lexicon: Lexicon) -> dict[int, int]:
    """Verb index -> index of its separated particle ("wake me up"), where the lexicon holds the phrasal verb."""
    found = {}
    tokens = pair.tokens
    for i, token in enumerate(tokens):
        if token.upos != "VERB" or token.lemma not in lexicon.longest:
            continue
        for j in range(i + 2, min(i + 6, len(tokens))):
            if tokens[j].upos in ("VERB", "AUX"):
                break
            phrase = f"{token.lemma} {tokens[j].key}"
            # at the end of an utterance a particle is often taken for a noun
            apart = tokens[j].upos in ("ADP", "ADV", "PART") or j + 1 == len(tokens)
            if apart and tokens[j].key in _PARTICLES and pair.slot_of[i] == pair.slot_of[j]:
                if phrase in lexicon.translations and not _opens_phrase(tokens, j):
                    found[i] = j
                    break
    return found


def _opens_phrase(tokens: Sequence[Token], j: int) -> bool:
    """Whether a particle governs what follows: "go for food in my area" is no "go in"."""
    return j + 1 < len(tokens) and tokens[j + 1].upos in ("DET", "NOUN", "PROPN", "NUM", "PRON")


_DEGREES = frozenset({"CMPR", "SPRL"})
_PARTICLES = frozenset("up on off out down back in away over".split())


def _match(pair: Pair, lexicon: Lexicon, i: int, particle_of: dict[int, int], taken: set[int]):
    """(tokens matched, translations, weights) at token `i`."""
    tokens, token = pair.tokens, pair.tokens[i]
    if i in particle_of:
        return 1, *lexicon.ranked((f"{token.lemma} {tokens[particle_of[i]].key}",), "VERB")
    key = token.key
    for size in range(min(_longest(lexicon, tokens, i, key), len(tokens) - i), 1, -1):
        span = range(i, i + size)
        if taken.intersection(span) or len({pair.slot_of[k] for k in span}) > 1:
            continue
        tail = " ".join([tokens[k].key for k in span[1:]])
        options, weights = lexicon.ranked((f"{key} {tail}", f"{token.lemma} {tail}"), "")
        if options:
            return size, options, weights
    # "my" has the lemma "i" and "latest" has "late", which are other words
    own = token.upos in ("DET", "PRON") or not _DEGREES.isdisjoint(token.features)
    keys = (key, token.lemma) if own else (token.lemma, key)
    options, weights = lexicon.ranked(keys, token.upos)
    if token.upos == "PROPN":
        named = [(o, w) for o, w in zip(options, weights, strict=True) if _may_name(o, pair.slot_of[i])]
        options, weights = tuple(o for o, _ in named), tuple(w for _, w in named)
    return 1, options, weights


def _longest(lexicon: Lexicon, tokens: Sequence[Token], i: int, key: str) -> int:
    """Words of the longest phrase that begins as the text does at token `i`, whose folded form is `key`."""
    if i + 1 == len(tokens):
        return 1
    after = tokens[i + 1].key
    return max(lexicon.longest.get(f"{key} {after}", 1), lexicon.longest.get(f"{tokens[i].lemma} {after}", 1))


def _may_name(option: Translation, slot: int) -> bool:
    """Whether a word tagged as a name may be rendered: as a name, outside of slots, or by the user's own lexicon."""
    return option.upos in ("PROPN", "") or slot < 0 or option.score >= OWN_TRUST / 2


def _draw(options: Sequence[Translation], weights: Sequence[float], rng: random.Random) -> Translation:
    if len(options) == 1:
        return options[0]
    totals = _squares(weights)
    return options[bisect(totals, rng.random() * totals[-1], 0, len(options) - 1)]


@lru_cache(maxsize=1 << 15)
def _squares(weights: tuple[float, ...]) -> list[float]:
    """Running totals of squared weights."""
    return list(accumulate(weight * weight for weight in weights))


def word_for_word(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """The published control (Wang, Ruder, Neubig 2022): each word by exact look-up, uniform choice, unknown words kept."""
    table = resources.lexicon.translations
    own = {word.source[0]: word for word in pair.words if word.source}
    words = []
    for i, token in enumerate(pair.tokens):
        if i not in own:
            continue
        options = table.get(token.key)
        if options:
            best = options[int(rng.random() * len(options))]
            words.append(make_word(best.form, best.form, token.upos, token.features, (i,), best.lexicon, token.form))
        else:
            words.append(own[i])
    return pair.with_words(words)


def inflect(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Put looked-up words into the form that their features ask for, where the paradigm table (or what was
    learnt from it) has one. Asks with all features first, then with the core ones."""
    words = []
    for word in pair.words:
        found = None
        if word.origin != COPY and word.features:
            found = _inflected(word, resources.inflector)
        words.append(found or word)
    return pair.with_words(words)


_ATOM = {"VERB": "V", "AUX": "V", "NOUN": "N", "PROPN": "N", "ADJ": "ADJ"}


def _inflected(word: Word, inflector: Inflector) -> Word | None:
    atom = _ATOM.get(word.upos)
    if atom is None:
        return None
    wanted = word.features | {atom}
    for bundle in (wanted, wanted & _CORE):
        if len(bundle) > 1:
            found = inflector.inflect(word.lemma, bundle)
            if found:
                form, how = found
                return make_word(form, word.lemma, word.upos, word.features, word.source, f"paradigm:{how}", word.gloss)
    return None


_CORE = frozenset({"V", "N", "ADJ", "IMP", "PST", "FUT", "NFIN", "PL", "1", "2", "3", "SG"})


def drop_articles(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Leave out the source's articles, for languages without them."""
    kept = [word for word in pair.words if not _is_article(pair, word)]
    return pair.with_words(kept)


def _is_article(pair: Pair, word: Word) -> bool:
    """An article by itself; one that is all of a slot stays."""
    if len(word.source) != 1 or pair.tokens[word.source[0]].lemma not in ("the", "a", "an"):
        return False
    slot = pair.slot_of[word.source[0]]
    return slot < 0 or pair.slot_of.count(slot) > 1


def subject_person(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Give finite verbs the person and number of the subject pronoun before them, so that `inflect` can agree."""
    subject: frozenset[str] = NOTHING
    words = []
    for word in pair.words:
        if word.upos == "PRON" and word.features & {"NOM"} or word.gloss in _SUBJECTS:
            subject = _SUBJECTS.get(word.gloss, NOTHING)
        elif word.upos in ("VERB", "AUX") and subject and not word.features & {"NFIN", "IMP", "V.PTCP"}:
            features = (word.features - {"1", "2", "3", "SG", "PL"}) | subject
            word = changed(word, features=features)
            subject = NOTHING if word.upos == "VERB" else subject
        words.append(word)
    return pair.with_words(words)


_SUBJECTS = {
    "i": frozenset({"1", "SG"}),
    "you": frozenset({"2", "SG"}),
    "he": frozenset({"3", "SG"}),
    "she": frozenset({"3", "SG"}),
    "it": frozenset({"3", "SG"}),
    "we": frozenset({"1", "PL"}),
    "they": frozenset({"3", "PL"}),
}


def order(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Put words into the card's order: modifiers and numerals by the noun, adpositions, possessors, verb last.

    A slot moves as a whole or within itself; an order that would split it is not made.
    """
    from lowres.ordering import reorder

    return reorder(pair, resources.language.typology)


def transliterate(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Spell words that no lexicon has, names above all, in the target's letters (`letters.tsv` beside the card)."""
    if not resources.letters:
        return pair
    return pair.with_words([_spelt(word, resources) if word.origin == COPY else word for word in pair.words])


def _spelt(word: Word, resources: Resources) -> Word:
    form = resources.spelt.get(word.form)
    if form is None:
        form = resources.spelt[word.form] = transliterated(fold(word.form), resources.letters)
    return changed(word, form=form, origin="rule:transliterate") if form != word.form else word


def transliterated(text: str, letters: dict[str, str]) -> str:
    """`text` by the longest matching letters; "^x" matches at the start of a word, "x$" at its end; others stay."""
    marked, out, i = f"^{text}$", [], 0
    longest = max(map(len, letters))
    while i < len(marked):
        for size in range(min(longest, len(marked) - i), 0, -1):
            found = letters.get(marked[i : i + size])
            if found is not None:
                # a marker is a condition, not a letter: what it closes stays open for the next match
                size -= size > 1 and marked[i + size - 1] == "$"
                break
        else:
            size, found = 1, marked[i].strip("^$")
        out.append(found)
        i += size
    return "".join(out)


BUILT_IN: dict[str, Rule] = {
    rule.__name__: rule for rule in (look_up, word_for_word, inflect, drop_articles, subject_person, order, transliterate)
}


def load_rules(names: Iterable[str], folder: Path, where: str = "synthesize.rules") -> list[Rule]:
    """The rules a recipe names: built-in ones, and `<language>.<function>` of `<language>.py` in `folder` or bundled."""
    return [_find_rule(name, folder, where) for name in names]


def _find_rule(name: str, folder: Path, where: str) -> Rule:
    language, dot, _ = name.partition(".")
    path = module_path(language, folder) if dot else None
    known = BUILT_IN | (module_rules(path) if path else {})
    if name not in known:
        raise LowresError(where, f"no rule '{name}'", nearest(name, known))
    return known[name]


def module_path(language: str, folder: Path) -> Path | None:
    """The file of a language's own rules: in `folder`, else among the bundled recipes."""
    places = (folder / f"{language}.py", bundled_folder("recipes") / f"{language}.py")
    return next((path for path in places if path.is_file()), None)


def module_paths(names: Iterable[str], folder: Path) -> list[Path]:
    """The files of all the language rules among `names`."""
    found = (module_path(name.partition(".")[0], folder) for name in names if "." in name)
    return list(dict.fromkeys(path for path in found if path))


@cache
def module_rules(path: Path) -> dict[str, Rule]:
    """`<stem>.<name>` for every public function that the module itself defines."""
    module = load_module(path)
    return {
        f"{path.stem}.{name}": value
        for name, value in vars(module).items()
        if callable(value) and not name.startswith("_") and getattr(value, "__module__", "") == module.__name__
    }


def load_module(path: Path):
    """The Python file of a language's own rules."""
    spec = importlib.util.spec_from_file_location(f"lowres_rules_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise LowresError(path, f"{type(error).__name__}: {error}", "a Python file that can be imported") from error
    return module
