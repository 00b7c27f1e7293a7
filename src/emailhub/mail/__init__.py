"""PURE. RFC 5322 and MIME bytes to values and back.

Lives here: parse, compose, threading ids, automatic mail, delivery reports, quoting, sanitising.
Not here: Django, queries, the clock, the network. Nothing in here raises on received input.
"""
