"""What stands before Django in the web process: the event stream, and bytes that come or go slowly.

Lives here: /events; /healthz, /readyz and /metrics; the spool for uploads; the sending of files that Django
has authorised.
Not here: any decision about who may see what, except that a stream's access is asked of `access`.
Called by: `emailhub.asgi`, and `cli.web` for the connections.
"""

from .application import Shell
from .connection import Connection

__all__ = ["Connection", "Shell"]
