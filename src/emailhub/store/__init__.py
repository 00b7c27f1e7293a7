"""Stored bytes: raw mails, finished mails, attachments. Content-addressed, a folder a company.

Lives here: put(), open(), path(). A key is the SHA-256 of the content, so a name given by mail is never a path.
Not here: what the bytes mean and who may see them.
Called by: delivery, desk, intake, and the web shell for downloads.
"""

from .content import Missing, get, open_content, path, put

__all__ = ["Missing", "get", "open_content", "path", "put"]
