"""Every address of the product, and what strangers get there. A route that nobody lists fails the test."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from django.urls import URLPattern, URLResolver, get_resolver

UNKNOWN_ID = "6f9619ff-8b86-d011-b42d-00cf4fc964ff"


class Kind(Enum):
    """Who may use a resource, and what everybody else is told."""

    DOOR = "everybody, signed in or not"
    OWN = "every advisor: it shows or changes what is the advisor's own"
    TICKETS = "advisors of the ticket's team; to others it does not exist"
    CONTACTS = "advisors of the company; to others it does not exist"
    CONTACT_DATA = "who manages anything; the company's other advisors may not, to others it does not exist"
    LISTS = "every advisor: it answers without what is not theirs"
    ANSWERABLE = "who answers for the team: its managers and administrators; to others it does not exist"
    MANAGED = "who manages the team: its other members may not, to others it does not exist"
    SETTINGS = "the team's advisors read it, its managers change it; to others it does not exist"
    KEPT = "advisors of the team who may write: held and received mail; to others it does not exist"
    COMPANY = "administrators; other advisors may not"
    MANAGERS = "who manages anything; others may not"
    DEMO = "advisors of the demo's company; elsewhere it does not exist"


@dataclass(frozen=True)
class Route:
    """How to use a resource. `writes` are the methods that change something."""

    kind: Kind
    writes: tuple[str, ...] = ()
    reads: bool = True
    post: dict[str, str] = field(default_factory=dict)
    own: bool = False  # what even a view-only advisor changes: profile, password, own files
    form: bool = True  # false: a program posts to it, which has no form's token


RULE = {"name": "Mine", "field-0": "subject", "operator-0": "contains", "values-0": "x", "action": "ignore"}
READ = Route(Kind.TICKETS)
WRITE = Route(Kind.TICKETS, writes=("POST",), reads=False)
BOTH_WAYS = Route(Kind.TICKETS, writes=("POST", "DELETE"), reads=False)

ROUTES = {
    "home": Route(Kind.LISTS),
    "language": Route(Kind.DOOR, writes=("POST",), reads=False),
    "rail": Route(Kind.LISTS),
    "tickets": Route(Kind.LISTS),
    "rows": Route(Kind.LISTS),
    "saved_views": Route(Kind.OWN, writes=("POST",), reads=False, post={"name": "Mine"}, own=True),
    "saved_view": Route(Kind.TICKETS, writes=("POST", "DELETE"), reads=False),
    "bulk_acts": Route(Kind.OWN, writes=("POST",), reads=False, post={"do": "close", "ticket": "1"}),
    "bulk_act": Route(Kind.OWN, writes=("POST", "DELETE"), reads=False),
    "bulk_colleagues": Route(Kind.LISTS),
    "search": Route(Kind.LISTS),
    "people": Route(Kind.LISTS),
    "ticket": READ,
    "ticket_head": READ,
    "details": READ,
    "activities": READ,
    "message_body": READ,
    "remote_picture": READ,
    "shown_sender": BOTH_WAYS,
    "message_original": READ,
    "message_eml": READ,
    "attachment": READ,
    "attachment_link": Route(Kind.TICKETS, writes=("DELETE",), reads=False),
    "attached_mail": READ,
    "attached_text": READ,
    "closure": BOTH_WAYS,
    "colleagues": READ,
    "following": Route(Kind.TICKETS, writes=("POST", "DELETE"), reads=False, own=True),
    "waiting": BOTH_WAYS,
    "snooze": BOTH_WAYS,
    "ticket_links": Route(Kind.TICKETS, writes=("POST",), reads=False, post={"other": "1"}),
    "ticket_link": BOTH_WAYS,
    "ticket_tags": Route(Kind.TICKETS, writes=("POST",), reads=False, post={"name": "Intruder"}),
    "ticket_tag": BOTH_WAYS,
    "manage_retention": Route(Kind.COMPANY, writes=("POST",), post={"months": "12"}),
    "manage_tags": Route(Kind.MANAGERS, writes=("POST",), post={"name": "Intruder"}),
    "manage_tag": Route(Kind.CONTACT_DATA, writes=("POST", "DELETE"), reads=False, post={"name": "Stolen"}),
    "junk": BOTH_WAYS,
    "assignment": BOTH_WAYS,
    "draft": BOTH_WAYS,
    "sending": BOTH_WAYS,
    "sending_draft": WRITE,
    "ticket_team": WRITE,
    "subject": WRITE,
    "summary": WRITE,
    "print": READ,
    "invitation_answer": Route(Kind.TICKETS, writes=("POST",), reads=False, post={"answer": "ACCEPTED"}),
    "parting": Route(Kind.TICKETS, writes=("POST",)),
    "ticket_merge": Route(Kind.TICKETS, writes=("POST",), post={"with": "1"}),
    "regrouping_undoing": WRITE,
    "presence": Route(Kind.TICKETS, writes=("POST",), reads=False, own=True, post={"doing": "looking"}),
    "replies": Route(
        Kind.TICKETS, writes=("POST",), reads=False, post={"to": "carla@customer.example", "text": "Hello"}
    ),
    "addressing": READ,
    "composer": READ,
    "notes": Route(Kind.TICKETS, writes=("POST",), reads=False, post={"text": "Hello"}),
    "chats": Route(Kind.TICKETS, writes=("POST",), reads=False, post={"text": "Hello"}),
    "contact": Route(Kind.CONTACTS, writes=("POST",), post={"name": "Stolen"}),
    "contacts": Route(Kind.LISTS),
    "new_contact": Route(Kind.OWN, writes=("POST",), post={"name": "Intruder"}),
    "contact_confirmation": Route(Kind.CONTACTS, writes=("POST",), reads=False),
    "contact_release": Route(Kind.CONTACTS, writes=("POST",), reads=False),
    "contact_merge": Route(Kind.CONTACTS, writes=("POST",), post={"with": "2"}),
    "contact_erasure": Route(Kind.CONTACT_DATA, writes=("POST",), post={"texts": "1"}),
    "person_export": Route(Kind.CONTACT_DATA, writes=("POST",), reads=False),
    "contact_export": Route(Kind.MANAGERS, writes=("POST",), reads=False),
    "contact_imports": Route(Kind.MANAGERS, writes=("POST",)),
    "contact_import": Route(Kind.CONTACT_DATA, writes=("POST", "DELETE"), post={"start": "1"}),
    "contact_import_progress": Route(Kind.CONTACT_DATA),
    "contact_import_undoing": Route(Kind.CONTACT_DATA, writes=("POST",), reads=False),
    "contact_import_tries": Route(Kind.CONTACT_DATA, writes=("POST",), reads=False),
    "contact_import_rows": Route(Kind.CONTACT_DATA),
    "segments": Route(Kind.LISTS, writes=("POST",), post={"name": "Intruders"}),
    "segment": Route(Kind.CONTACTS, writes=("POST", "DELETE"), reads=False, post={"name": "Stolen"}),
    "labels": Route(Kind.OWN, writes=("POST",), reads=False, post={"whom": "all", "label": "1"}),
    "new_ticket": Route(Kind.OWN, writes=("POST",)),
    "uploads": Route(Kind.OWN, writes=("POST",), reads=False),
    "upload": Route(Kind.OWN, writes=("DELETE",), reads=False, own=True),
    "profile": Route(Kind.OWN, writes=("POST",), own=True),
    "notifications": Route(Kind.OWN, writes=("POST",), own=True),
    "push_subscription": Route(Kind.OWN, writes=("POST", "DELETE"), reads=False, own=True),
    "notification_choices": Route(Kind.OWN, writes=("POST",), reads=False, own=True),
    "saved_replies": Route(Kind.OWN, writes=("POST",), post={"name": "Mine", "text": "Hello"}),
    "saved_reply": Route(Kind.OWN, writes=("POST", "DELETE"), reads=False),
    "ticket_saved_replies": READ,
    "manage_saved_replies": Route(Kind.MANAGED, writes=("POST",), post={"name": "Ours", "text": "Hello"}),
    "manage_saved_reply": Route(Kind.MANAGED, writes=("POST", "DELETE"), reads=False),
    "signature": Route(Kind.OWN, writes=("POST",), reads=False, own=True),
    "quarantine": Route(Kind.LISTS),
    "another_try": Route(Kind.ANSWERABLE, writes=("POST",), reads=False),
    "quarantined_eml": Route(Kind.ANSWERABLE),
    "manage": Route(Kind.LISTS),
    "manage_members": Route(Kind.MANAGED, writes=("POST",)),
    "manage_member": Route(Kind.MANAGED, writes=("POST", "DELETE")),
    "manage_team": Route(Kind.MANAGED, writes=("POST",)),
    "manage_hours": Route(Kind.MANAGED, writes=("POST",)),
    "manage_chat": Route(Kind.MANAGED, writes=("POST", "DELETE")),
    "manage_chat_check": Route(Kind.MANAGED, writes=("POST",), reads=False),
    "manage_holidays": Route(Kind.MANAGED, writes=("POST",), reads=False, post={"on": "2026-12-24"}),
    "manage_holiday": Route(Kind.MANAGED, writes=("DELETE",), reads=False),
    "manage_team_removal": Route(Kind.COMPANY, writes=("POST",)),
    "manage_teams": Route(Kind.COMPANY, writes=("POST",), post={"name": "Intruders"}),
    "manage_company": Route(Kind.COMPANY, writes=("POST",)),
    "manage_logo": Route(Kind.COMPANY, writes=("POST", "DELETE"), reads=False),
    "manage_advisors": Route(Kind.COMPANY),
    "manage_role": Route(Kind.COMPANY, writes=("POST",), reads=False, post={"role": "admin"}),
    "manage_activity": Route(Kind.MANAGERS, writes=("POST", "DELETE")),
    "manage_sign_in": Route(Kind.COMPANY, writes=("POST",)),
    "manage_second_factor": Route(Kind.COMPANY, writes=("POST", "DELETE"), reads=False),
    "manage_start": Route(Kind.COMPANY),
    "manage_invitations": Route(Kind.MANAGERS, writes=("POST",), post={"email": "x@y.example"}),
    "manage_bulk_invitations": Route(Kind.MANAGERS, writes=("POST",), post={"list": "x@y.example"}),
    "manage_invitation": Route(Kind.MANAGERS, writes=("DELETE",), reads=False),
    "manage_invitation_sendings": Route(Kind.MANAGERS, writes=("POST",), reads=False),
    "manage_audit": Route(Kind.MANAGERS),
    "company_logo": Route(Kind.OWN),
    "first_run": Route(Kind.DOOR, writes=("POST",)),
    "text_media": Route(Kind.DOOR),
    "linked_file": Route(Kind.DOOR, writes=("POST",), form=False),
    "texting_incoming": Route(Kind.DOOR, writes=("POST",), reads=False),
    "texting_status": Route(Kind.DOOR, writes=("POST",), reads=False),
    "invitation": Route(Kind.DOOR),
    "invitation_acceptance": Route(Kind.DOOR, writes=("POST",)),
    "emailhub": Route(Kind.SETTINGS),
    "emailhub_switch": Route(Kind.SETTINGS, writes=("POST",), reads=False),
    "hub_addresses": Route(Kind.SETTINGS, writes=("POST",), reads=False),
    "hub_sender": Route(Kind.SETTINGS, writes=("POST",), reads=False),
    "hub_display_name": Route(Kind.SETTINGS, writes=("POST",), post={"name": "Service desk"}),
    "hub_known_contacts_only": Route(Kind.SETTINGS, writes=("POST",), reads=False, post={"on": "on"}),
    "hub_automatic_names": Route(Kind.SETTINGS, writes=("POST",), reads=False, post={"on": "on"}),
    "hub_confirmation": Route(Kind.MANAGED, writes=("POST",), reads=False),
    "hub_blocked": Route(Kind.MANAGED, writes=("POST", "DELETE"), reads=False),
    "hub_setup": Route(Kind.SETTINGS),
    "hub_own_address": Route(
        Kind.MANAGED, writes=("POST",), reads=False, post={"address": "help@dealer.example"}
    ),
    "hub_own_provider": Route(Kind.MANAGED, writes=("POST",), reads=False, post={"provider": "other"}),
    "hub_instructions": Route(Kind.SETTINGS),
    "hub_own_sending": Route(Kind.MANAGED, writes=("POST",), reads=False, post={"way": "dns"}),
    "hub_records": Route(Kind.MANAGED, writes=("POST",), reads=False),
    "hub_own_server": Route(Kind.MANAGED, writes=("POST",), reads=False),
    "hub_own_sender": Route(Kind.MANAGED, writes=("POST",), reads=False),
    "hub_probes": Route(Kind.MANAGED, writes=("POST",), reads=False, post={"generated": "1"}),
    "hub_microsoft": Route(Kind.SETTINGS),
    "hub_microsoft_sign_in": Route(Kind.MANAGED, writes=("POST",), reads=False, post={"mode": "person"}),
    "hub_microsoft_consent": Route(Kind.MANAGED, writes=("POST",), reads=False),
    "hub_microsoft_mailbox": Route(
        Kind.MANAGED, writes=("POST",), reads=False, post={"address": "help@dealer.example"}
    ),
    "hub_microsoft_restriction": Route(
        Kind.MANAGED, writes=("POST",), reads=False, post={"address": "boss@dealer.example"}
    ),
    "hub_microsoft_test": Route(Kind.MANAGED, writes=("POST",), reads=False),
    "hub_microsoft_sender": Route(Kind.MANAGED, writes=("POST",), reads=False),
    "hub_microsoft_after": Route(Kind.MANAGED, writes=("POST",), reads=False, post={"after": "leave"}),
    "microsoft_return": Route(Kind.OWN),
    "graph_notices": Route(Kind.DOOR, writes=("POST",), reads=False, form=False),
    "hub_connection_tests": Route(Kind.MANAGED, writes=("POST",), reads=False),
    "hub_webhook": Route(Kind.SETTINGS, writes=("POST", "DELETE")),
    "raw_mail": Route(Kind.DOOR, writes=("POST",), reads=False),
    "hub_mailbox": Route(Kind.SETTINGS, writes=("POST", "DELETE")),
    "hub_mailbox_tests": Route(Kind.MANAGED, writes=("POST",), reads=False),
    "rules": Route(Kind.SETTINGS),
    "rule": Route(Kind.SETTINGS, writes=("POST", "DELETE"), post=RULE),
    "new_rule": Route(Kind.MANAGED, writes=("POST",), post=RULE),
    "rule_editor": Route(Kind.MANAGED, writes=("POST",), reads=False, post=RULE),
    "rule_dry_run": Route(Kind.MANAGED, writes=("POST",), reads=False, post=RULE),
    "rules_restored": Route(Kind.MANAGED, writes=("POST",), reads=False),
    "rule_position": Route(Kind.MANAGED, writes=("POST",), reads=False, post={"to": "0"}),
    "rule_bench": Route(Kind.SETTINGS),  # its POST changes nothing: every advisor of the team may ask
    "automatic_reply": Route(Kind.SETTINGS, writes=("POST",), post={"enabled": "on", "subject-en": "Hello"}),
    "automatic_reply_switch": Route(Kind.SETTINGS, writes=("POST",), reads=False, post={"on": "on"}),
    "automatic_reply_preview": Route(Kind.MANAGED, writes=("POST",), reads=False),
    "received_mail": Route(Kind.SETTINGS),
    "held_list": Route(Kind.LISTS),
    "received": Route(Kind.KEPT),
    "received_body": Route(Kind.KEPT),
    "received_eml": Route(Kind.KEPT),
    "held_release": Route(Kind.KEPT, writes=("POST",), reads=False),
    "held_discard": Route(Kind.KEPT, writes=("POST", "DELETE"), reads=False),
    "held_ignore": Route(Kind.KEPT, writes=("POST",), reads=False),
    "received_restoration": Route(Kind.KEPT, writes=("POST",), reads=False),
    "demo_mail": Route(Kind.DEMO),
    "demo_mail_letters": Route(Kind.DEMO, writes=("POST",), reads=False),
    "demo_mail_outcome": Route(Kind.DEMO),
    "demo_mail_tour": Route(Kind.DEMO, writes=("POST",), reads=False, own=True),
    "demo_mail_body": Route(Kind.DEMO),
    "demo_mail_source": Route(Kind.DEMO),
    "demo_mail_part": Route(Kind.DEMO),
    "sessions": Route(Kind.OWN, writes=("POST", "DELETE"), reads=False, own=True),
    "session": Route(Kind.OWN, writes=("POST", "DELETE"), reads=False, own=True),
    "account_login": Route(Kind.DOOR, writes=("POST",)),
    "account_logout": Route(Kind.DOOR, writes=("POST",)),
    "account_inactive": Route(Kind.DOOR),
    "account_signup": Route(Kind.DOOR, writes=("POST",)),
    "account_reauthenticate": Route(Kind.OWN, writes=("POST",), own=True),
    "account_change_password": Route(Kind.OWN, writes=("POST",), own=True),
    "account_set_password": Route(Kind.OWN, writes=("POST",), own=True),
    "account_reset_password": Route(Kind.DOOR, writes=("POST",)),
    "account_reset_password_done": Route(Kind.DOOR),
    "account_reset_password_from_key": Route(Kind.DOOR, writes=("POST",)),
    "account_reset_password_from_key_done": Route(Kind.DOOR),
    "account_email": Route(Kind.OWN, writes=("POST",), own=True),
    "account_confirm_email": Route(Kind.DOOR, writes=("POST",)),
    "demo_phone": Route(Kind.DEMO),
    "demo_phone_conversation": Route(Kind.DEMO),
    "demo_phone_texts": Route(Kind.DEMO, writes=("POST",), reads=False),
    "mfa_index": Route(Kind.OWN),
    "mfa_list_webauthn": Route(Kind.OWN),
    "mfa_authenticate": Route(Kind.DOOR, writes=("POST",)),
    "mfa_reauthenticate": Route(Kind.OWN, writes=("POST",), own=True),
    "mfa_activate_totp": Route(Kind.OWN, writes=("POST",), own=True),
    "mfa_deactivate_totp": Route(Kind.OWN, writes=("POST",), own=True),
    "mfa_view_recovery_codes": Route(Kind.OWN),
    "mfa_generate_recovery_codes": Route(Kind.OWN, writes=("POST",), own=True),
    "mfa_download_recovery_codes": Route(Kind.OWN),
    "mfa_add_webauthn": Route(Kind.OWN, writes=("POST",), own=True),
    "mfa_remove_webauthn": Route(Kind.OWN, writes=("POST",), own=True),
    "mfa_login_webauthn": Route(Kind.DOOR, writes=("POST",)),
    "mfa_reauthenticate_webauthn": Route(Kind.OWN, writes=("POST",), own=True),
    "openid_connect_login": Route(Kind.DOOR, writes=("POST",)),
    "openid_connect_callback": Route(Kind.DOOR),
}


def patterns() -> dict[str, URLPattern]:
    """Every route of the resolver by its name; one without a name fails."""
    found: dict[str, URLPattern] = {}
    _collect(get_resolver().url_patterns, found)
    return found


def _collect(entries: list[URLPattern | URLResolver], found: dict[str, URLPattern]) -> None:
    for entry in entries:
        if isinstance(entry, URLResolver):
            _collect(entry.url_patterns, found)
        else:
            assert entry.name, f"{entry.pattern} has no name"
            assert entry.name not in found, f"two routes are called {entry.name}"
            found[entry.name] = entry
