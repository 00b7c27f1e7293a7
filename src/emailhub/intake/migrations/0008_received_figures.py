from django.db import migrations

FIGURES = """
CREATE FUNCTION received_figures() RETURNS TABLE (fate text, deliveries bigint, oldest_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT r.outcome, count(*), NULL::timestamptz FROM intake_receivedmessage r
    WHERE r.outcome <> '' GROUP BY r.outcome
  UNION ALL
  SELECT 'waiting', count(*), min(r.received_at) FROM intake_receivedmessage r WHERE r.state = 'waiting'
  UNION ALL
  SELECT 'quarantined', count(*), min(r.received_at) FROM intake_receivedmessage r
    WHERE r.state = 'quarantined'
$$;
REVOKE ALL ON FUNCTION received_figures() FROM PUBLIC;
"""


class Migration(migrations.Migration):
    """Counts of the whole installation, for monitoring: the application's role sees no company's rows."""

    dependencies = [("intake", "0007_automatic_replies")]
    operations = [migrations.RunSQL(FIGURES, "DROP FUNCTION received_figures()")]
