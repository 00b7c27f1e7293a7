"""The demo's wire: mail for our own teams comes in again, all else stays with the demo's customers.

Nothing leaves the machine. The demo's addresses all end in .example.
"""
