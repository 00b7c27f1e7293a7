"""The guarded way out: whatever EmailHub asks of others' machines goes through here.

Lives here: the DNS (`dns`); where a connection may lead that somebody else named (`guard`), HTTP within that
(`http`), and what is had by it. Not here: mail itself, which leaves by the channels.
"""
