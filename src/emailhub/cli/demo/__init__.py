"""The demo: a dealership with teams, advisors, customers and some weeks of conversations.

Lives here: who and what the demo is made of, and how it is played through the real ways in and out.
Not here: anything that a real installation runs.
"""

from .fill import fill
from .passwords import logins

__all__ = ["fill", "logins"]
