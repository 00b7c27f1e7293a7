"""Stored bytes: raw mails, finished mails, attachments. Content-addressed, a folder a company.

Lives here: put(), put_file(), get(), open_content(), path(); where they lie (a disk or a bucket); verify()
and collect().
A key is the SHA-256 of the content: no name given by mail is a path.
Not here: what the bytes mean and who may see them.
Called by: delivery, desk, intake, the web shell for downloads, and commands for back-ups and checks.
"""

from .content import (
    MissingError,
    get,
    is_on_disk,
    name_of,
    open_content,
    open_name,
    path,
    place,
    put,
    put_file,
)
from .faults import Fault, digest, verify
from .named import LOCK, BehindWallsError, named_files
from .orphans import Collected, collect

__all__ = [
    "LOCK",
    "BehindWallsError",
    "Collected",
    "Fault",
    "MissingError",
    "collect",
    "digest",
    "get",
    "is_on_disk",
    "name_of",
    "named_files",
    "open_content",
    "open_name",
    "path",
    "place",
    "put",
    "put_file",
    "verify",
]
