"""A team's e-mail identity: addresses, display name, toggles, inbound rules, automatic replies, hours.

Lives here: the rows that a manager changes, the verbs that change them, and policy.py, by which a worker
keeps them in mind.
Not here: who may change it (accounts), which rule matches and whether to reply (rules), what happens to a
mail (intake).
Called by: desk (outgoing identity), intake (receiving team), web (Manage).
"""
