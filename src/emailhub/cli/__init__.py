"""The processes and commands. The only place that joins the pieces of the house.

Lives here: `emailhub up | web | worker | smtpd | migrate | createcompany`, the supervisor, the demo's data,
and the two tables that join channels to intake and delivery.
Not here: anything that a page or a test would call.
"""

from emailhub.cli.main import main

__all__ = ["main"]
