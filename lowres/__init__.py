"""lowres: bring a new language to a voice assistant from a dictionary and a grammar table."""

__version__ = "0.1.0"
