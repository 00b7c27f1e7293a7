"""One room per wire. A channel translates bytes and envelopes; it decides nothing.

Each room holds all that its wire needs. Channels know neither each other nor `web`.
To remove one: delete its folder and its lines in the tables of `emailhub.cli`.
"""
