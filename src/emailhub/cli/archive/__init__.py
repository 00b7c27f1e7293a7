"""A back-up: one tar file with the database and the stored files of one instant.

emailhub-backup.json    which version made it, when, and from what; first, so that a glance is enough
database.sql.gz         a script of pg_dump
files/<company>/...     each file that the database names, laid out as in the data folder
end.json                checksums and counts; an archive without it was cut short

Ordinary tools can read it. The key that signs sessions is not in it, nor are sessions and other caches.
"""

from .manifest import BadArchiveError, End, Manifest, key_mark
from .reading import Contents, check_archive, restore_files, script_of
from .writing import write_archive

__all__ = [
    "BadArchiveError",
    "Contents",
    "End",
    "Manifest",
    "check_archive",
    "key_mark",
    "restore_files",
    "script_of",
    "write_archive",
]
