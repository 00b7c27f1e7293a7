"""The one way in: accept received bytes durably, then process them into a ticket.

Lives here: ReceivedMessage, accept(), process(), held mail, "why is it here".
Not here: the decision itself (rules) and the wires (channels).
Called by: channels (accept), the worker (process).
"""
