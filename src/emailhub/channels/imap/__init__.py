"""IMAP: mail that waits in somebody else's mailbox, taken in as it comes and left where it is.

Lives here: what a server may do to us (wire), a mailbox (mailbox), how far it was read (position), and who
looks when (visit, doorbell). Nothing is marked, moved or deleted there: people may go on using the mailbox.
Not here: what becomes of a mail (intake), the account and its secrets (delivery.Connection).
Called by: cli, which runs visits in the worker; web, which tries an account out.
"""
