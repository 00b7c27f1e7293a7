from django.db import migrations

FIGURES = """
CREATE FUNCTION outgoing_figures() RETURNS TABLE (state text, mails bigint, oldest_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT m.state, count(*), min(m.created_at) FILTER (WHERE m.state IN ('queued', 'sending'))
  FROM delivery_outgoingmessage m GROUP BY m.state
$$;
REVOKE ALL ON FUNCTION outgoing_figures() FROM PUBLIC;
"""


class Migration(migrations.Migration):
    """Counts of the whole installation, for monitoring: the application's role sees no company's rows."""

    dependencies = [("delivery", "0004_hold_of_a_restored_outbox")]
    operations = [migrations.RunSQL(FIGURES, "DROP FUNCTION outgoing_figures()")]
