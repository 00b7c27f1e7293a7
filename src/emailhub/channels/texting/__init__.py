"""The wire of SMS and WhatsApp: a gateway that speaks Twilio's REST API and its webhooks.

Lives here: sending a message, the signed webhooks of what comes in and of how far ours came, media.
Not here: what a message does to a ticket (intake, desk), the words for its error codes (web).
Called by: cli, for the tables of senders and readers; urls, for the webhooks.
"""
