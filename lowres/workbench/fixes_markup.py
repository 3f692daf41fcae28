"""A pair's making as HTML: its steps, the alternatives of its words, and the language's own entries; every text escaped."""

from collections.abc import Iterable, Sequence

from lowres.corrections import Correction
from lowres.language import Language
from lowres.lexicon import OWN
from lowres.pair import Word
from lowres.workbench.fixes import Choice
from lowres.workbench.markup import safe
from lowres.workbench.wording import _

FIXES_STYLE = """<style>
ol.lr-steps {margin: 0; padding: 0 !important; list-style: none}
.lr-steps li {margin: 0 0 .5rem; padding-inline-start: .7rem; border-inline-start: 3px solid hsl(210 10% 50% / .35)}
.lr-steps code {font-size: .85rem; background: none; padding: 0}
.lr-steps p {font-size: 1.1rem; line-height: 1.8; margin: 0; unicode-bidi: isolate; overflow-wrap: anywhere}
.lr-steps mark {background: hsl(45 95% 55% / .35); color: inherit; padding: 0 .15rem; border-radius: .2rem; font-weight: 600}
.lr-steps small, .lr-choices small {font-size: .8rem; opacity: .85}
dl.lr-choices {display: grid; grid-template-columns: minmax(6rem, max-content) 1fr; gap: .35rem 1rem; margin: 0; padding: 0}
.lr-choices dt {margin: 0; padding: 0; font-weight: 600; overflow-wrap: anywhere}
.lr-choices dd {margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .1rem 1rem}
.lr-choices dd > span > bdi {font-size: 1.05rem}
table.lr-own {border-collapse: collapse; width: 100%}
.lr-own th, .lr-own td {text-align: start; padding: .25rem .8rem .25rem 0; border: 0; border-bottom: 1px solid hsl(210 10% 50% / .3)}
.st-key-fix_target [data-testid="InputInstructions"] {display: none}
@media (max-width: 640px) {dl.lr-choices {grid-template-columns: 1fr; gap: 0} .lr-choices dd {margin: 0 0 .5rem}}
</style>"""

Step = tuple[str, Sequence[Word], list[Word], list[str]]  # rule, words after it, the new ones, the forms it left out


def steps_list(steps: Iterable[Step], language: Language, source_lang: str) -> str:
    """The sentence after each rule that changed it, the words that the rule wrote anew marked."""
    items = "".join(_step(*step, language, source_lang) for step in steps)
    return f'<ol class="lr-steps">{items}</ol>'


def _step(rule: str, words: Sequence[Word], new: list[Word], gone: list[str], language: Language, source_lang: str) -> str:
    fresh = set(map(id, new))
    said = " ".join(f"<mark>{safe(one.form)}</mark>" if id(one) in fresh else safe(one.form) for one in words if one.form)
    left = ", ".join(f'<bdi lang="{safe(source_lang)}">{safe(form)}</bdi>' for form in gone)
    note = f"<small>{safe(_('left out:'))} {left}</small>" if gone else ""
    return (
        f'<li><code dir="ltr" lang="en">{safe(rule)}</code>'
        f'<p dir="{language.direction}" lang="{safe(language.bcp47)}">{said}</p>{note}</li>'
    )


def choices_list(choices: Iterable[Choice], language: Language, source_lang: str) -> str:
    """Each word that was looked up, with its translations, their shares of the draws, and the lexicons that have them."""
    items = "".join(_choice(one, language, source_lang) for one in choices)
    return f'<dl class="lr-choices">{items}</dl>'


def _choice(choice: Choice, language: Language, source_lang: str) -> str:
    rows = "".join(
        f'<span><bdi dir="{language.direction}" lang="{safe(language.bcp47)}">{safe(form)}</bdi> '
        f'<small><bdi dir="ltr">{share:.0%}</bdi> · <bdi>{safe(_("own entry") if lexicon == OWN else lexicon)}</bdi></small></span>'
        for form, share, lexicon in choice.translations
    )
    nothing = "" if rows else f"<small>{safe(_('no translation'))}</small>"
    left = f" <small>{safe(_('(left out here)'))}</small>" if choice.left_out else ""
    upos = f' <small lang="en">{safe(choice.upos)}</small>' if choice.upos else ""
    return f'<dt><bdi lang="{safe(source_lang)}">{safe(choice.text)}</bdi>{upos}{left}</dt><dd>{rows}{nothing}</dd>'


def own_table(corrections: Iterable[Correction], language: Language, source_lang: str) -> str:
    """The language's own entries as a table, in the order given."""
    names = (_("Source word"), _("Part of speech"), _("Translation"), _("Author"), _("Date"))
    head = "".join(f'<th scope="col">{safe(name)}</th>' for name in names)
    rows = "".join(
        f'<tr><td lang="{safe(source_lang)}" dir="auto">{safe(one.source)}</td><td lang="en">{safe(one.upos or _("any"))}</td>'
        f'<td dir="{language.direction}" lang="{safe(language.bcp47)}">{safe(one.target)}</td>'
        f'<td dir="auto">{safe(one.author)}</td><td dir="ltr">{safe(one.date)}</td></tr>'
        for one in corrections
    )
    return f'<table class="lr-own"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
