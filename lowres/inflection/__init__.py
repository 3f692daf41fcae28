"""Inflection learnt from the cells of a paradigm table: endings by vote, and a transducer, judged on held-out lemmas."""
