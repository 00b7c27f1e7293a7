"""The demo's wire: its customers' mailboxes, and what they write back.

Mail for our own teams comes in again, all else stays with the demo's customers: nothing leaves the machine,
and every address ends in .example. The customers' pages send by SMTP to our own listener.
Not here: who the demo's people are and what they have written so far (cli.demo).
Called by: cli, for the table of senders, the pages' addresses and the filling of the demo.
"""
