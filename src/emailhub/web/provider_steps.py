"""How mail is forwarded at each provider, step by step: for the set-up guide and the instructions for IT."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from emailhub.hub.models import OwnAddress

Provider = OwnAddress.Provider
FORWARDING: dict[str, tuple[str | Promise, ...]] = {
    Provider.GOOGLE: (
        _(
            "In Gmail as this mailbox: Settings → See all settings → Forwarding and POP/IMAP → Add a"
            " forwarding address. Paste the address above."
        ),
        _("Google sends a code to it. The code shows up here by itself."),
        _("Enter the code in Gmail, choose “Forward a copy of incoming mail” and save."),
        _(
            "For a Google group: add the address as a member with “Each email”, and let anyone on the web"
            " post. No code is needed then."
        ),
    ),
    Provider.MICROSOFT: (
        _(
            "In the Exchange admin center: Recipients → Mailboxes → the shared mailbox → Email forwarding."
            " Enter the address above and tick “Deliver message to both forwarding address and mailbox”."
        ),
        _("With an Outlook rule choose “Redirect to”, not “Forward to”: a forward hides who wrote."),
        _(
            "Microsoft blocks forwards to outside by default (5.7.520). In the Defender portal, Email &"
            " collaboration → Policies & rules → Threat policies → Anti-spam, make an outbound policy for"
            " this mailbox alone with “Automatic forwarding rules: On”."
        ),
    ),
    Provider.OTHER: (
        _(
            "At your provider or in cPanel look for “Forwarders”, “Redirect” or “Alias”, and pass the mail of"
            " this mailbox on to the address above."
        ),
        _("Choose a redirect that keeps the headers. A forward that writes a new mail hides who wrote."),
        _("If the provider asks for a confirmation, its mail shows up on the EmailHub page of the team."),
    ),
}


def provider_label(provider: str) -> str:
    """Its name, as its users know it."""
    known = Provider(provider)
    return str(_("Another provider") if known is Provider.OTHER else known.label)
