"""The processes and commands. The only place that joins the pieces of the house.

Lives here: one module or folder a command (docs/commands.md), the supervisor, the demo's data, the logs,
and the two tables that join channels to intake and delivery. `mail` needs no Django, and stays so.
Not here: anything that a page or a test would call.
"""

from emailhub.cli.main import main

__all__ = ["main"]
