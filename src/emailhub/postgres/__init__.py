"""The embedded PostgreSQL: find its programs, create, start, adopt, stop, upgrade. Knows no Django.

Lives here: everything about the private server that a fresh installation gets without being asked.
Not here: the server behind DATABASE_URL, and what is in the database (that is migrations).
`cli` starts and stops it; any process may ask for the connection parameters of a root.

Three facts carry the room. Whether a server runs is asked by connecting, never by looking at a pid.
Whether nobody runs is asked of one file lock, which the server's processes inherit and which the kernel
frees when the last of them is gone. Everything else is derived from the root folder alone.
"""

from emailhub.postgres.binaries import Engine, MajorVersionError, NoEngineError
from emailhub.postgres.cluster import StartFailedError, StillBusyError, UnsafeSettingError
from emailhub.postgres.dump import DumpError, client_programs, dump, load
from emailhub.postgres.folders import (
    NotPrivateError,
    PostgresError,
    UnreachableError,
    UnusablePathError,
    create_root,
    default_root,
)
from emailhub.postgres.roles import Role
from emailhub.postgres.server import Server, find_running, has_data, parameters, start
from emailhub.postgres.upgrade import UpgradeError, upgrade

__all__ = [
    "DumpError",
    "Engine",
    "MajorVersionError",
    "NoEngineError",
    "NotPrivateError",
    "PostgresError",
    "Role",
    "Server",
    "StartFailedError",
    "StillBusyError",
    "UnreachableError",
    "UnsafeSettingError",
    "UnusablePathError",
    "UpgradeError",
    "client_programs",
    "create_root",
    "default_root",
    "dump",
    "find_running",
    "has_data",
    "load",
    "parameters",
    "start",
    "upgrade",
]
