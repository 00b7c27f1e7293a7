from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models

FOLD = r"""
CREATE FUNCTION folded(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = public AS $$
  SELECT lower(unaccent('unaccent', words))
$$;
CREATE FUNCTION contact_words(name text, organisation text, account_number text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = public AS $$
  SELECT folded(name || ' ' || organisation || ' ' || account_number)
$$;
"""
FOLD_AWAY = "DROP FUNCTION contact_words(text, text, text); DROP FUNCTION folded(text)"
LOOK_UP = r"""
CREATE FUNCTION containing_each(words text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = public AS $$
  SELECT coalesce(array_agg(containing(word) ORDER BY length(word) DESC), '{%}')
  FROM regexp_split_to_table(folded(words), '\s+') word WHERE word <> ''
$$;

CREATE FUNCTION list_contacts(
  a_company bigint, words text, a_segment bigint, unconfirmed boolean,
  after_name text, after_id bigint, at_most integer)
RETURNS TABLE (contact_id bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  patterns text[] := containing_each(words);
BEGIN
  IF NOT is_own_company(a_company) THEN RETURN; END IF;
  RETURN QUERY EXECUTE '
    SELECT c.id FROM desk_contact c
    WHERE c.company_id = $1 AND c.erased_at IS NULL AND ($2 = '''' OR c.id IN (
      SELECT n.id FROM desk_contact n
        WHERE n.company_id = $1 AND n.findable LIKE $3 AND n.findable LIKE ALL ($4)
      UNION SELECT e.contact_id FROM desk_contactemail e WHERE e.company_id = $1 AND e.address ILIKE $5
      UNION SELECT p.contact_id FROM desk_contactphone p WHERE p.company_id = $1 AND p.number LIKE $6))
    AND ($7 IS NULL OR c.id IN (
      SELECT s.contact_id FROM desk_segmentmember s WHERE s.company_id = $1 AND s.segment_id = $7))
    AND (NOT $8 OR c.confirmed_at IS NULL)
    AND (c.sort_name, c.id) > ($9, $10)
    ORDER BY c.sort_name, c.id LIMIT $11'
  USING a_company, btrim(words), patterns[1], patterns, containing(btrim(words)), containing_number(words),
    a_segment, unconfirmed, after_name, after_id, at_most;
END
$$;
REVOKE ALL ON FUNCTION list_contacts(bigint, text, bigint, boolean, text, bigint, integer) FROM PUBLIC;

CREATE OR REPLACE FUNCTION find_contacts(a_company bigint, words text, at_most integer)
RETURNS TABLE (contact_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT l.contact_id FROM list_contacts(a_company, words, NULL, false, '', 0, at_most) l
$$;

CREATE OR REPLACE FUNCTION find_emails(a_company bigint, words text, at_most integer)
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
      WHERE n.company_id = $1 AND n.findable LIKE $3 AND n.findable LIKE ALL ($4)) hit
    JOIN desk_contact c ON c.company_id = $1 AND c.id = hit.contact_id
    ORDER BY c.sort_name, hit.id LIMIT $5'
  USING a_company, containing(words), (containing_each(words))[1], containing_each(words), at_most;
END
$$;
"""


class Migration(migrations.Migration):
    """Contacts as a list in the order of their names, found without accents and by words in any order.

    list_contacts() walks the list from a mark, as find_contacts() looks for the first few: past the row
    policies, under which the trigram indexes would not be used, and for one's own company alone.
    """

    dependencies = [("desk", "0006_segments")]
    operations = [
        migrations.RunSQL(FOLD, FOLD_AWAY),
        migrations.AddField("contact", "erased_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "contact",
            "sort_name",
            models.GeneratedField(
                expression=models.Func("name", function="folded"),
                output_field=models.TextField(),
                db_persist=True,
            ),
        ),
        migrations.AddField(
            "contact",
            "findable",
            models.GeneratedField(
                expression=models.Func("name", "organisation", "account_number", function="contact_words"),
                output_field=models.TextField(),
                db_persist=True,
            ),
        ),
        migrations.AddIndex(
            "contact", GinIndex(fields=["findable"], name="desk_contact_findable", opclasses=["gin_trgm_ops"])
        ),
        migrations.AddIndex(
            "contact", models.Index(fields=["company", "sort_name", "id"], name="desk_contact_by_name")
        ),
        migrations.AddConstraint(
            "contactphone",
            models.UniqueConstraint(
                condition=models.Q(is_primary=True),
                fields=("company", "contact"),
                name="desk_contactphone_one_primary",
            ),
        ),
        migrations.RunSQL(LOOK_UP),
    ]
