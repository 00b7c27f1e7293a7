"""The guarded way out: whatever EmailHub asks of others' machines goes through here.

Lives here: the DNS (`dns`). Not here: mail itself, which leaves by the channels.
"""
