"""Why a row was not imported, or not undone. The words for people are in `web.import_words`."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    EMPTY = "empty"  # neither name nor address nor number
    BAD_ADDRESS = "bad_address"
    BAD_PHONE = "bad_phone"
    BAD_LANGUAGE = "bad_language"
    TOO_LONG = "too_long"
    TOO_MANY_CELLS = "too_many_cells"
    TWO_CONTACTS = "two_contacts"  # what it says belongs to several contacts
    PHONE_TAKEN = "phone_taken"  # its address is new, its number is somebody else's
    TWICE = "twice"  # an earlier row of the same file is the same person
    EXISTS = "exists"  # left as it is, as was chosen
    NOTHING_NEW = "nothing_new"
    CONFIRMED = "confirmed"  # nothing of it was changed but that it is known from now on
    AT_ONCE = "at_once"  # somebody saved the same address in the same moment, twice
    IN_USE = "in_use"  # not undone: it has tickets or mail by now
    CHANGED = "changed"  # not undone: it was changed by hand since


class RowError(Exception):
    """The row cannot be taken. `detail` is what stands in the file, or whose it is."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail
