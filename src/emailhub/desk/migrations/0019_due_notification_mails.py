from django.db import migrations

DUE = """
CREATE FUNCTION due_notification_mails(at_most integer) RETURNS TABLE (advisor_id bigint, company_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT n.advisor_id, n.company_id FROM desk_notification n
  WHERE n.mail_due_at IS NOT NULL AND n.mail_due_at <= clock_timestamp()
  GROUP BY n.advisor_id, n.company_id ORDER BY min(n.mail_due_at) LIMIT at_most
$$;
REVOKE ALL ON FUNCTION due_notification_mails(integer) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    """Who is to get an e-mail about their notifications now, asked before the company is known."""

    dependencies = [('desk', '0018_ticket_links')]
    operations = [migrations.RunSQL(DUE, 'DROP FUNCTION due_notification_mails(integer)')]
