"""The domain: contacts, tickets, activities, attachments, notes, replies, search.

Lives here: verbs on models (assign, close, reply) whose timeline entry is part of the change.
Not here: how a mail is read (mail), filed (rules, intake) or sent (delivery).
Called by: web, api, intake, and the worker for settle().
"""
