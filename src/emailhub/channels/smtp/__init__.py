"""SMTP and LMTP: mail that comes in by a listener of ours, and mail that leaves through a relay.

Lives here: Listener (receive), Relay (send), the limits of both.
Not here: where a recipient leads (intake), when a mail is due and what becomes of it (delivery).
Called by: cli, which starts the listener and puts the relay into the table of senders.
"""
