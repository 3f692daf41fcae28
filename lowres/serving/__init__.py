"""Serving: many languages from one base in memory, one batch with many languages in it."""
