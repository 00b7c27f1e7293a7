from django.db import migrations

SEARCH = """
CREATE OR REPLACE FUNCTION search_activities(a_company bigint, teams bigint[], words text, at_most integer)
RETURNS TABLE (ticket_id bigint, activity_id bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT is_own_company(a_company) THEN RETURN; END IF;
  RETURN QUERY EXECUTE '
    SELECT hit.ticket_id, hit.id
    FROM (
      SELECT a.ticket_id, a.id FROM desk_activity a
      WHERE a.company_id = $1 AND a.search @@ $3
      ORDER BY a.id DESC LIMIT 20000) hit
    JOIN desk_ticket t ON t.company_id = $1 AND t.id = hit.ticket_id AND t.team_id = ANY ($2)
    ORDER BY hit.id DESC LIMIT $4'
  USING a_company, teams, websearch_to_tsquery('simple', unaccent('unaccent', words)), at_most;
END
$$;
"""
BEFORE = """
CREATE OR REPLACE FUNCTION search_activities(a_company bigint, teams bigint[], words text, at_most integer)
RETURNS TABLE (ticket_id bigint, activity_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.ticket_id, a.id
  FROM desk_activity a JOIN desk_ticket t ON t.id = a.ticket_id
  WHERE a.search @@ websearch_to_tsquery('simple', unaccent('unaccent', words))
    AND a.company_id = a_company
    AND a.company_id = NULLIF(current_setting('emailhub.company', true), '')::bigint
    AND t.team_id = ANY (teams)
  ORDER BY a.id DESC LIMIT at_most
$$;
"""


class Migration(migrations.Migration):
    """Search for a word of many mails without fetching all of them.

    Planned for its words, a frequent one is found by walking back from the newest activity until there
    are enough; a rare one still by the full-text index. Of a word's hits the newest 20,000 are looked at,
    whatever the advisor may read of them.
    """

    dependencies = [("desk", "0004_find_people")]
    operations = [migrations.RunSQL(SEARCH, BEFORE)]
