"""A team's e-mail identity: addresses, display name, toggles, texts.

Lives here: Identity, HubAddress and how an address is generated.
Not here: who may change it (accounts) and what happens to a mail (rules, intake).
Called by: desk (outgoing identity), intake (receiving team), web (Manage).
"""
