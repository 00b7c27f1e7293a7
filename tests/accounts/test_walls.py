"""Both walls between companies, asked of the database itself."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from emailhub.accounts.database import OUTSIDE_THE_WALLS, UnsafeRoleError, refuse_unsafe_role
from emailhub.accounts.models import Membership, Team
from emailhub.accounts.tenancy import OtherCompanyError, company, current_company
from emailhub.desk.contacts import create_contact
from emailhub.desk.models import Contact
from emailhub.desk.open_ticket import create_ticket
from tests.cast import Cast
from tests.conftest import as_owner


@pytest.mark.usefixtures("django_db_setup")
def test_every_table_has_a_row_policy_or_is_listed_as_standing_outside() -> None:
    with as_owner() as owner:
        rows = owner.execute(
            "SELECT c.relname, c.relrowsecurity AND EXISTS (SELECT FROM pg_policy WHERE polrelid = c.oid)"
            " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relkind = 'r'"
        ).fetchall()
    assert {name for name, walled in rows if not walled} == set(OUTSIDE_THE_WALLS)


@pytest.mark.usefixtures("django_db_setup")
def test_every_unique_key_of_a_tenant_table_starts_with_the_company() -> None:
    # Meant for the whole installation: an address leads to one team, a return-path to one message, a token
    # to one invitation, and a one-to-one link is unique because the row that it points at is.
    meant = {
        "hub_hubaddress_address_key",
        "delivery_return_path",
        "hub_identity_team_id_key",
        "desk_message_activity_id_key",
        "desk_message_outgoing_id_key",
        "desk_chatmessage_activity_id_key",
        "desk_chatmessage_outgoing_id_key",
        "desk_notificationchoice_advisor_id_key",
        "accounts_invitation_token_digest_key",
    }
    with as_owner() as owner:
        rows = owner.execute(
            "SELECT i.relname, a.attname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid"
            " JOIN pg_class t ON t.oid = x.indrelid JOIN pg_policy p ON p.polrelid = t.oid"
            " JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0]"
            " WHERE x.indisunique AND NOT x.indisprimary"
        ).fetchall()
    assert rows
    assert {index for index, first in rows if first != "company_id"} == meant


def test_outside_a_company_no_row_is_visible(cast: Cast) -> None:
    assert current_company() is None
    assert not Team.objects.exists()
    assert not Contact.objects.exists()


def test_inside_a_company_only_its_rows_are_visible(cast: Cast) -> None:
    with company(cast.dealer.id):
        assert set(Team.objects.values_list("name", flat=True)) == {"Service", "Parts"}
        assert not Team.objects.filter(pk=cast.office.pk).exists()
    with company(cast.farm.id):
        assert set(Team.objects.values_list("name", flat=True)) == {"Office"}


def test_a_row_of_another_company_can_be_neither_written_nor_changed(cast: Cast) -> None:
    with company(cast.farm.id):
        with pytest.raises(Exception, match="row-level security"), transaction.atomic():
            Team.objects.create(company=cast.dealer, name="Intruders")
        assert Team.objects.filter(pk=cast.service.pk).update(name="Stolen") == 0
        assert Team.objects.filter(pk=cast.service.pk).delete()[0] == 0


def test_a_link_to_another_company_cannot_be_stored(committed_cast: Cast) -> None:
    cast = committed_cast
    with pytest.raises(IntegrityError, match="accounts_membership_team_company"), company(cast.dealer.id):
        Membership.objects.create(company=cast.dealer, advisor=cast.ana, team=cast.office)


def test_a_ticket_cannot_belong_to_another_companys_contact(committed_cast: Cast) -> None:
    cast = committed_cast
    with company(cast.farm.id):
        stranger = create_contact(cast.farm, name="Greta", address="greta@field.example")
    with pytest.raises(IntegrityError, match="desk_ticket_contact_company"), company(cast.dealer.id):
        create_ticket(team=cast.service, contact=stranger, subject="Mine", now=stranger.created_at)


def test_another_company_is_refused_inside_the_first(cast: Cast) -> None:
    with company(cast.dealer.id), pytest.raises(OtherCompanyError), company(cast.farm.id):
        pass


def test_the_same_company_nests_and_the_outer_one_is_put_back(cast: Cast) -> None:
    with company(cast.dealer.id):
        with company(cast.dealer.id):
            pass
        assert current_company() == cast.dealer.id
    assert current_company() is None


def test_an_error_inside_leaves_no_company_behind(cast: Cast) -> None:
    with pytest.raises(ZeroDivisionError), company(cast.dealer.id):
        _ = 1 // 0
    assert current_company() is None


def test_after_the_commit_no_row_is_visible(committed_cast: Cast) -> None:
    seen: list[bool] = []
    with company(committed_cast.dealer.id):
        teams = Team.objects.all()
        transaction.on_commit(lambda: seen.append(Team.objects.exists()))
    assert seen == [False]
    assert list(teams) == []


@pytest.mark.usefixtures("django_db_setup")
def test_the_owners_functions_look_into_a_temporary_schema_last() -> None:
    with as_owner() as owner:
        rows = owner.execute(
            "SELECT proname, proconfig FROM pg_proc"
            " WHERE prosecdef AND pronamespace = 'public'::regnamespace ORDER BY 1"
        ).fetchall()
    assert rows
    assert [name for name, config in rows if config != ["search_path=public, pg_temp"]] == []


def test_a_temporary_view_does_not_get_into_the_owners_functions(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY VIEW hub_hubaddress AS"
            " SELECT 7::bigint AS company_id, 7::bigint AS team_id, 'x'::text AS address"
        )
        cursor.execute("GRANT SELECT ON pg_temp.hub_hubaddress TO PUBLIC")
        cursor.execute("SELECT * FROM team_of_address('x')")
        assert cursor.fetchall() == []


def test_the_applications_role_is_held_by_the_walls(committed_db: None) -> None:
    refuse_unsafe_role()


def test_a_role_that_could_see_through_the_walls_is_refused(committed_db: None) -> None:
    before = connection.settings_dict["USER"]
    connection.close()
    connection.settings_dict["USER"] = "emailhub"
    try:
        with pytest.raises(UnsafeRoleError, match="DATABASE_OWNER_URL"):
            refuse_unsafe_role()
    finally:
        connection.close()
        connection.settings_dict["USER"] = before
