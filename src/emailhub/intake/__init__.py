"""The one way in: accept received bytes durably, then process them into a ticket.

Lives here: ReceivedMessage, accept(), process(), held mail, the test bench, the dry run, automatic replies,
and what is done once an hour (housekeeping).
Not here: the decision itself (rules) and the wires (channels).
Called by: channels (accept), the worker (process), web (held mail, bench).
"""
