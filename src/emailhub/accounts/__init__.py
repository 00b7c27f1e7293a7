"""Companies, teams, users, advisors, memberships, and the tenancy walls.

Lives here: who someone is, what they may see, `company()` and row-level security.
Not here: anything about mail.
Called by: every floor above.
"""
