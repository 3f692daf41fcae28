"""Utterances that people wrote, and what people think of them: events that are only ever added, and what follows from them.

events → journal (the database) → state (what the events amount to) → acts (who may do what next).
"""
