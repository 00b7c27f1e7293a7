"""The outbox: finished bytes, an envelope and a channel's name. It knows no tickets.

Lives here: OutgoingMessage, its phases, retries, delivery reports.
Not here: how the bytes were made (mail.compose, desk.reply) and how they travel (channels).
Called by: desk (enqueue), the worker (deliver), intake (record_report).
"""
