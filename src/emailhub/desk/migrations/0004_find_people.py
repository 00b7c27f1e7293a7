from django.contrib.postgres.indexes import GinIndex
from django.db import migrations

FIND = r"""
CREATE FUNCTION containing(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = public AS $$
  SELECT '%' || regexp_replace(words, '([\\%_])', '\\\1', 'g') || '%'
$$;
CREATE FUNCTION containing_number(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = public AS $$
  SELECT '%' || digits || '%'
  FROM (SELECT regexp_replace(regexp_replace(words, '\D', '', 'g'), '^00', '') AS digits) d
  WHERE words ~ '^[-+0-9 ()./]+$' AND length(digits) >= 3
$$;
CREATE FUNCTION is_own_company(a_company bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public AS $$
  SELECT coalesce(a_company = NULLIF(current_setting('emailhub.company', true), '')::bigint, false)
$$;

CREATE FUNCTION find_contacts(a_company bigint, words text, at_most integer)
RETURNS TABLE (contact_id bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT is_own_company(a_company) THEN RETURN; END IF;
  RETURN QUERY EXECUTE '
    SELECT c.id FROM desk_contact c
    WHERE c.company_id = $1 AND c.id IN (
      SELECT n.id FROM desk_contact n WHERE n.company_id = $1 AND n.name ILIKE $2
      UNION SELECT o.id FROM desk_contact o WHERE o.company_id = $1 AND o.organisation ILIKE $2
      UNION SELECT e.contact_id FROM desk_contactemail e WHERE e.company_id = $1 AND e.address ILIKE $2
      UNION SELECT p.contact_id FROM desk_contactphone p WHERE p.company_id = $1 AND p.number LIKE $3)
    ORDER BY c.name, c.id LIMIT $4'
  USING a_company, containing(words), containing_number(words), at_most;
END
$$;
REVOKE ALL ON FUNCTION find_contacts(bigint, text, integer) FROM PUBLIC;

CREATE FUNCTION find_emails(a_company bigint, words text, at_most integer)
RETURNS TABLE (email_id bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT is_own_company(a_company) THEN RETURN; END IF;
  RETURN QUERY EXECUTE '
    SELECT hit.id FROM (
      SELECT e.id, e.contact_id FROM desk_contactemail e WHERE e.company_id = $1 AND e.address ILIKE $2
      UNION
      SELECT e.id, e.contact_id FROM desk_contact n
      JOIN desk_contactemail e ON e.company_id = $1 AND e.contact_id = n.id
      WHERE n.company_id = $1 AND n.name ILIKE $2) hit
    JOIN desk_contact c ON c.company_id = $1 AND c.id = hit.contact_id
    ORDER BY c.name, hit.id LIMIT $3'
  USING a_company, containing(words), at_most;
END
$$;
REVOKE ALL ON FUNCTION find_emails(bigint, text, integer) FROM PUBLIC;

CREATE FUNCTION find_participants(a_company bigint, teams bigint[], words text, at_most integer)
RETURNS TABLE (participant_id bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT is_own_company(a_company) THEN RETURN; END IF;
  RETURN QUERY EXECUTE '
    SELECT max(hit.id) FROM (
      SELECT p.id, p.address FROM desk_participant p
      JOIN desk_ticket t ON t.company_id = $1 AND t.id = p.ticket_id AND t.team_id = ANY ($2)
      WHERE p.company_id = $1 AND p.part <> ''bcc'' AND (p.address ILIKE $3 OR p.name ILIKE $3)
      ORDER BY p.id DESC LIMIT 2000) hit
    GROUP BY hit.address ORDER BY 1 DESC LIMIT $4'
  USING a_company, teams, containing(words), at_most;
END
$$;
REVOKE ALL ON FUNCTION find_participants(bigint, bigint[], text, integer) FROM PUBLIC;
"""
UNDO = """
DROP FUNCTION find_contacts(bigint, text, integer);
DROP FUNCTION find_emails(bigint, text, integer);
DROP FUNCTION find_participants(bigint, bigint[], text, integer);
DROP FUNCTION is_own_company(bigint);
DROP FUNCTION containing_number(text);
DROP FUNCTION containing(text);
"""


def trigrams(field: str, name: str) -> GinIndex:
    return GinIndex(fields=[field], opclasses=["gin_trgm_ops"], name=name)


class Migration(migrations.Migration):
    """Find people by a part of a name, an address or a number, at any number of contacts.

    Under a row policy the trigram indexes would not be used: ILIKE is not leakproof. The functions return
    ids; they take the company from the same setting as the policies and find nothing in another. Their
    queries are dynamic so that each is planned for its words: rare ones by the trigrams, frequent ones
    and those of two letters by a walk.
    """

    dependencies = [("desk", "0003_lists_without_sorting")]
    operations = [
        migrations.AddIndex("contact", trigrams("organisation", "desk_contact_organisation")),
        migrations.AddIndex("contactemail", trigrams("address", "desk_contactemail_part")),
        migrations.AddIndex("contactphone", trigrams("number", "desk_contactphone_part")),
        migrations.AddIndex("participant", trigrams("address", "desk_participant_part")),
        migrations.AddIndex("participant", trigrams("name", "desk_participant_name")),
        migrations.RunSQL(FIND, UNDO),
    ]
