"""Contacts from a file: read as spreadsheets write it, shown first, taken in row by row, and taken back.

Lives here: finding out encoding and columns, what a row means, what becomes of it, the workers' batches.
Rows are the truth: an ImportRow that waits is the work, and what it did is stored with it in one commit.
Called by: web for the verbs in `imports`, the worker for `work.import_due()`.
"""
