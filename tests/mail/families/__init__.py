"""Families of mails: what each mail program writes, in each language, with what must be read from it.

`python -m tests.mail.families` writes them into tests/messages, beside the mails that were written by hand.
The expected values come from the tables here and never from the parser; a test holds files and tables together.
"""
