from django.db import migrations

from emailhub.accounts.tenancy import wall

TABLES = (
    "desk_contact",
    "desk_contactemail",
    "desk_contactphone",
    "desk_ticketcounter",
    "desk_ticket",
    "desk_activity",
    "desk_message",
    "desk_knownid",
    "desk_participant",
    "desk_attachment",
    "desk_draft",
    "desk_seen",
    "desk_sentform",
)

SEARCH = """
CREATE FUNCTION search_words(some_text text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = public AS $$
  SELECT to_tsvector('simple', unaccent('unaccent', left(some_text, 200000)))
$$;
CREATE FUNCTION search_activities(a_company bigint, teams bigint[], words text, at_most integer)
RETURNS TABLE (ticket_id bigint, activity_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT a.ticket_id, a.id
  FROM desk_activity a JOIN desk_ticket t ON t.id = a.ticket_id
  WHERE a.search @@ websearch_to_tsquery('simple', unaccent('unaccent', words))
    AND a.company_id = a_company
    AND a.company_id = NULLIF(current_setting('emailhub.company', true), '')::bigint
    AND t.team_id = ANY (teams)
  ORDER BY a.id DESC LIMIT at_most
$$;
REVOKE ALL ON FUNCTION search_activities(bigint, bigint[], text, integer) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    """Row policies, and search: under a policy the full-text index would not be used.

    (Its operators are not leakproof, so PostgreSQL filters by company first.) The function takes the
    company from the same setting as the policies and refuses another.
    """

    dependencies = [("desk", "0001_first")]
    operations = [
        *(wall(table) for table in TABLES),
        migrations.RunSQL(
            SEARCH,
            "DROP FUNCTION search_activities(bigint, bigint[], text, integer);"
            " DROP FUNCTION search_words(text)",
        ),
    ]
