"""The pages' addresses. URLs are resources; the view file has the resource's name."""

from django.urls import URLPattern, URLResolver, path

from .sign_in_urls import account_patterns
from .views import (
    activities,
    assignments,
    attachments,
    closures,
    contacts,
    details,
    drafts,
    emailhub,
    first_runs,
    heads,
    invitations,
    languages,
    manage,
    manage_advisors,
    manage_audits,
    manage_company,
    manage_hours,
    manage_invitations,
    manage_members,
    manage_starts,
    manage_teams,
    messages,
    new_tickets,
    notes,
    people,
    profiles,
    quarantines,
    rail,
    replies,
    rows,
    searches,
    sendings,
    sessions,
    subjects,
    summaries,
    teams,
    tickets,
    uploads,
    waitings,
)

_ticket: list[URLPattern] = [
    path("tickets/<int:number>/", tickets.ticket, name="ticket"),
    path("tickets/<int:number>/head/", heads.head, name="ticket_head"),
    path("tickets/<int:number>/details/", details.details, name="details"),
    path("tickets/<int:number>/activities/", activities.activities, name="activities"),
    path("tickets/<int:number>/closure/", closures.closure, name="closure"),
    path("tickets/<int:number>/waiting/", waitings.waiting, name="waiting"),
    path("tickets/<int:number>/assignment/", assignments.assignment, name="assignment"),
    path("tickets/<int:number>/team/", teams.team, name="ticket_team"),
    path("tickets/<int:number>/subject/", subjects.subject, name="subject"),
    path("tickets/<int:number>/summary/", summaries.summary, name="summary"),
]
_message: list[URLPattern] = [
    path("messages/<int:message_id>/body/", messages.body, name="message_body"),
    path("messages/<int:message_id>/original/", messages.original, name="message_original"),
    path("messages/<int:message_id>/message.eml", messages.eml, name="message_eml"),
    path("attachments/<uuid:public_id>/", attachments.attachment, name="attachment"),
]

_writing: list[URLPattern] = [
    path("tickets/new/", new_tickets.new_ticket, name="new_ticket"),
    path("tickets/<int:number>/replies/", replies.replies, name="replies"),
    path("tickets/<int:number>/notes/", notes.notes, name="notes"),
    path("tickets/<int:number>/drafts/<slug:channel>/", drafts.draft, name="draft"),
    path("sendings/<int:activity_id>/", sendings.sending, name="sending"),
    path("uploads/", uploads.uploads, name="uploads"),
    path("uploads/<uuid:public_id>/", uploads.an_upload, name="upload"),
    path("people/", people.people, name="people"),
]
_people: list[URLPattern] = [
    path("contacts/<int:contact_id>/", contacts.contact, name="contact"),
    path("search/", searches.searches, name="search"),
    path("profile/", profiles.profile, name="profile"),
    path("profile/signature/", profiles.signature, name="signature"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/<slug:key>/", sessions.session, name="session"),
]
_quarantine: list[URLPattern] = [
    path("quarantine/", quarantines.quarantine, name="quarantine"),
    path("quarantine/<int:received_id>/tries/", quarantines.another_try, name="another_try"),
    path("quarantine/<int:received_id>/message.eml", quarantines.eml, name="quarantined_eml"),
]
_entrance: list[URLPattern] = [
    path("first-run/", first_runs.first_run, name="first_run"),
    path("invitations/acceptance/", invitations.acceptance, name="invitation_acceptance"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
]
_manage: list[URLPattern] = [
    path("manage/", manage.manage, name="manage"),
    path("manage/start/", manage_starts.start, name="manage_start"),
    path("manage/company/", manage_company.company, name="manage_company"),
    path("manage/company/logo/", manage_company.logo, name="manage_logo"),
    path("manage/teams/", manage_teams.teams, name="manage_teams"),
    path("manage/teams/<int:team_id>/", manage_teams.team, name="manage_team"),
    path("manage/teams/<int:team_id>/removal/", manage_teams.removal, name="manage_team_removal"),
    path("manage/teams/<int:team_id>/members/", manage_members.members, name="manage_members"),
    path("manage/teams/<int:team_id>/members/<int:advisor_id>/", manage_members.member, name="manage_member"),
    path("manage/teams/<int:team_id>/hours/", manage_hours.hours, name="manage_hours"),
    path("manage/teams/<int:team_id>/holidays/", manage_hours.holidays, name="manage_holidays"),
    path(
        "manage/teams/<int:team_id>/holidays/<int:holiday_id>/", manage_hours.holiday, name="manage_holiday"
    ),
    path("manage/advisors/", manage_advisors.advisors, name="manage_advisors"),
    path("manage/advisors/<int:advisor_id>/role/", manage_advisors.role, name="manage_role"),
    path("manage/advisors/<int:advisor_id>/activity/", manage_advisors.activity, name="manage_activity"),
    path("manage/invitations/", manage_invitations.invitations, name="manage_invitations"),
    path("manage/invitations/bulk/", manage_invitations.bulk, name="manage_bulk_invitations"),
    path("manage/invitations/<int:invitation_id>/", manage_invitations.invitation, name="manage_invitation"),
    path(
        "manage/invitations/<int:invitation_id>/sendings/",
        manage_invitations.sendings,
        name="manage_invitation_sendings",
    ),
    path("manage/audit/", manage_audits.audit, name="manage_audit"),
    path("company/logo/", manage_company.company_logo, name="company_logo"),
]
_hub: list[URLPattern] = [
    path("manage/teams/<int:team_id>/emailhub/", emailhub.emailhub, name="emailhub"),
    path("manage/teams/<int:team_id>/emailhub/switch/", emailhub.switch, name="emailhub_switch"),
    path("manage/teams/<int:team_id>/emailhub/addresses/", emailhub.addresses, name="hub_addresses"),
    path("manage/teams/<int:team_id>/emailhub/sender/", emailhub.sender, name="hub_sender"),
    path("manage/teams/<int:team_id>/emailhub/display-name/", emailhub.display_name, name="hub_display_name"),
    path(
        "manage/teams/<int:team_id>/emailhub/known-contacts-only/",
        emailhub.known_contacts_only,
        name="hub_known_contacts_only",
    ),
    path(
        "manage/teams/<int:team_id>/emailhub/automatic-names/",
        emailhub.automatic_names,
        name="hub_automatic_names",
    ),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", tickets.home, name="home"),
    path("language/", languages.language, name="language"),
    path("rail/", rail.rail, name="rail"),
    path("tickets/", tickets.tickets, name="tickets"),
    path("tickets/rows/", rows.rows, name="rows"),
    *_ticket,
    *_writing,
    *_people,
    *_message,
    *_quarantine,
    *_entrance,
    *_manage,
    *_hub,
    *account_patterns,
]
