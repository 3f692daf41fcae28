"""What words sound like, for the objective that predicts it: the mean of panphon's features over a word's segments."""

from collections.abc import Sequence

from lowres.phonology import NoTable, features, table_in, transcribe_word


def hear(words: Sequence[str], language: str) -> list[list[float] | None] | None:
    """Features of some folded words of a language (ISO 639-3), None for a word without known sounds; None for all where
    nobody has a table of the language's usual script. Raises LowresError where epitran or panphon are not installed."""
    import langcodes

    try:
        script = langcodes.get(language).maximize().script
        table = table_in(language, script or "Latn")
    except (NoTable, langcodes.LanguageTagError):
        return None
    return [features(transcribe_word(word, table)) for word in words]
