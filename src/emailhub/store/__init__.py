"""Stored bytes: raw mails, finished mails, attachments. Content-addressed, a folder a company.

Lives here: put(), get(), open_content(), path(). A key is the SHA-256 of the content:
no name given by mail is a path.
Not here: what the bytes mean and who may see them.
Called by: delivery, desk, intake, and the web shell for downloads.
"""

from .content import MissingError, get, open_content, path, put

__all__ = ["MissingError", "get", "open_content", "path", "put"]
