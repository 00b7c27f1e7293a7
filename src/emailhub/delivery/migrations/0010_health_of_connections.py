from django.db import migrations, models

HEALTH = """
CREATE FUNCTION connections_to_tell(at timestamptz) RETURNS TABLE (id bigint, company_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.id, c.company_id
  FROM delivery_connection c,
  LATERAL (SELECT (c.state IN ('failing', 'stopped') AND c.failing_since < at - interval '5 minutes')
    OR (c.state = 'working' AND c.due_at < at - interval '10 minutes') AS still) found
  WHERE (c.told_at IS NULL AND coalesce(found.still, false))
    OR (c.told_at IS NOT NULL AND c.state = 'working' AND NOT coalesce(found.still, false))
  ORDER BY c.id LIMIT 50
$$;
REVOKE ALL ON FUNCTION connections_to_tell(timestamptz) FROM PUBLIC;
CREATE FUNCTION connection_figures() RETURNS TABLE (
  kind text, state text, connections bigint, failing_since timestamptz, checked_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.kind, c.state, count(*), min(c.failing_since), min(c.checked_at) FILTER (WHERE c.due_at IS NOT NULL)
  FROM delivery_connection c WHERE c.state <> 'off' GROUP BY c.kind, c.state
$$;
REVOKE ALL ON FUNCTION connection_figures() FROM PUBLIC;
"""


class Migration(migrations.Migration):
    """Of which connections somebody must hear, and how many are in which state. Ids and counts alone."""

    dependencies = [("delivery", "0009_tenants")]
    operations = [
        migrations.AddField(
            model_name="connection", name="told_at", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.RunSQL(
            HEALTH,
            "DROP FUNCTION connections_to_tell(timestamptz); DROP FUNCTION connection_figures()",
        ),
    ]
