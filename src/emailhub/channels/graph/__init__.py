"""Microsoft 365 through Microsoft Graph: a team's mailbox there, read and written as its programs do.

Lives here: the sign-in (tokens), Graph's calls (calls) and what a mailbox can do (mailbox), taking mail in
(visit, sent_items), sending it (take_apart, send), being told of changes (subscriptions, notices), and what a
set-up asks (set_up).
Not here: what becomes of a mail (intake), the account and its sealed secrets (delivery.Connection), the pages
(web). Facts and limits are Microsoft's: docs/microsoft-365.md has them.
Called by: cli, for the worker's loops and the table of senders; urls, which hands `set_up` and the notices'
view to the pages.
"""
