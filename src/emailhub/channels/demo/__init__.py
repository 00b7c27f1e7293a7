"""The demo's wire: what our advisors send stays here, what its customers write goes to our own listener.

Mail for our own teams comes in again, all else is in the demo's mailboxes with that: nothing leaves the
machine, and every address ends in .example.
Not here: who the demo's people are (cli.demo), the pages on which one plays a customer (web.demo_mail).
Called by: cli, for the table of senders and the filling of the demo; urls, which hands `post` to the pages.
"""
