"""Tidy up: files that no row names, and what killed writers left.

A file is put before the row that names it is committed, and a put of bytes that are there already writes
nothing. So a file that nobody names now may be named in the next moment. It is therefore first set aside,
where reading still finds it and brings it back (content.open_name), and deleted only after having lain
there for longer than any transaction lasts, if no row names it by then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from .content import ASIDE, place
from .place import Found, Place

AGE = timedelta(days=1)  # no request, worker or upload takes as long between a file and its row


@dataclass
class Collected:
    """How many files were deleted, set aside, brought back, and how many were left half written."""

    deleted: int = 0
    set_aside: int = 0
    brought_back: int = 0
    leftovers: int = 0


def collect(named: Iterable[str], aside: Iterable[str], *, now: datetime) -> Collected:
    """Set aside what nobody names, and delete what was set aside before and is still not named.

    `named` and `aside` are both all names that the database holds, in order: each is read once. Hold the
    lock of named.LOCK alone, from before they are asked for.
    """
    files, done, before = place(), Collected(), now - AGE
    for found, is_named in _with_names(_without(files.files(ASIDE), prefix=f"{ASIDE}/"), aside):
        _settle(files, found, done, is_named=is_named, before=before)
    own = (found for found in files.files() if not found.name.startswith(f"{ASIDE}/"))
    for found, is_named in _with_names(own, named):
        if not is_named and found.changed_at < before:
            files.move(found.name, f"{ASIDE}/{found.name}")
            done.set_aside += 1
    done.leftovers = files.remove_leftovers(before)
    return done


def _settle(files: Place, found: Found, done: Collected, *, is_named: bool, before: datetime) -> None:
    """Decide on a file that was set aside."""
    if is_named:
        files.move(f"{ASIDE}/{found.name}", found.name)
        done.brought_back += 1
    elif found.changed_at < before:
        files.remove(f"{ASIDE}/{found.name}")
        done.deleted += 1


def _without(found: Iterable[Found], *, prefix: str) -> Iterator[Found]:
    for file in found:
        yield Found(file.name.removeprefix(prefix), file.changed_at)


def _with_names(found: Iterable[Found], names: Iterable[str]) -> Iterator[tuple[Found, bool]]:
    """Walk along two sorted lists at once, so that neither has to fit into memory."""
    ahead = iter(names)
    name = next(ahead, None)
    for file in found:
        while name is not None and name < file.name:
            name = next(ahead, None)
        yield file, name == file.name
