"""What the browser's scripts say. The keys are those of static/emailhub/js/words.js."""

from __future__ import annotations

from django.utils.translation import gettext as _


def script_words() -> dict[str, str]:
    """Every sentence of the scripts, in the reader's language. The scripts fill the {places}."""
    return _writing() | _files() | _moving() | _sending()


def _writing() -> dict[str, str]:
    return {
        "address.invalid": _("{address} is not an email address"),
        "address.own": _("{address} is this team's own address"),
        "address.twice": _("{address} is already there"),
        "chip.remove": _("Remove {name}"),
        "chip.suggestions": _("{n} suggestions"),
        "draft.both": _("Put both here"),
        "draft.kept_here": _("Draft kept on this device"),
        "draft.mine": _("Go on with this one alone"),
        "draft.saved": _("Draft saved"),
        "edit.failed": _("It was not saved. Check the connection and try again"),
        "link.ask": _("Web address or email address"),
        "link.bad": _("Only web, email and telephone links"),
        "link.cancel": _("Cancel"),
        "link.remove": _("Remove the link"),
        "link.set": _("Set the link"),
        "mention.list": _("Colleagues to mention"),
        "meter.characters": _("{n} characters"),
        "meter.forced": _("{n} SMS because of {characters}"),
        "meter.segments": _("{n} SMS"),
        "saved.none": _("No saved reply has these words"),
        "saved.search": _("Find a saved reply"),
        "saved.title": _("Saved replies"),
        "receivers.bcc": _("{name} (BCC)"),
        "receivers.cc": _("{name} (CC)"),
        "receivers.many": _("{people} will receive it"),
        "receivers.nobody": _("Nobody will receive it yet: add an address"),
        "receivers.one": _("{people} receives it"),
    }


def _files() -> dict[str, str]:
    return {
        "file.cancel": _("Cancel the upload of {name}"),
        "file.failed": _("Could not be uploaded"),
        "file.remove": _("Remove {name}"),
        "file.too_big": _("{size}, at most {most} in all"),
        "file.too_big_linked": _("{size}, a file has at most {most}"),
        "file.uploading": _("Uploading {name}"),
    }


def _moving() -> dict[str, str]:
    return {
        "bulk.chosen": _("{n} chosen"),
        "bulk.one": _("1 chosen"),
        "key.choose": _("Choose the ticket, for many at once"),
        "key.move": _("Next and previous ticket"),
        "key.open": _("Open the ticket"),
        "key.send": _("Send"),
        "key.leave": _("Close, or leave the field; nothing is lost"),
        "key.then": _("then"),
        "list.fresh_one": _("Show 1 new ticket"),
        "list.fresh": _("Show {n} new tickets"),
        "live.back": _("Connected again"),
        "presence.answering": _("{who} is answering"),
        "presence.looking": _("{who} is looking"),
        "timeline.new_one": _("1 new activity"),
        "timeline.new": _("{n} new activities"),
    }


def _sending() -> dict[str, str]:
    return {
        "send.failed": _("It was not sent"),
        "send.failed_why": _(
            "There was no answer from the server. Your text is kept; sending again never sends it twice."
        ),
        "send.uploading": _("Sends when the files are uploaded"),
        "undo": _("Undo"),
        "undo.done": _("Not sent; it is a draft again"),
        "undo.failed": _("Too late to undo"),
    }
