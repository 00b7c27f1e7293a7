from django.db import migrations

from emailhub.accounts.tenancy import wall

WORK = """
CREATE FUNCTION accept_received(deliveries jsonb) RETURNS SETOF bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
  INSERT INTO intake_receivedmessage (
    company_id, team_id, channel, mail_from, rcpt_to, content_key, size, received_at, due_at,
    state, outcome, reason, trace, message_id, sender_address, sender_name, subject, attempts, last_error)
  SELECT d.company_id, d.team_id, d.channel, d.mail_from, d.rcpt_to, d.content_key, d.size,
    clock_timestamp(), clock_timestamp(), 'waiting', '', '', '[]', '', '', '', '', 0, ''
  FROM jsonb_to_recordset(deliveries) AS d(
    company_id bigint, team_id bigint, channel text, mail_from text, rcpt_to text[], content_key text,
    size bigint)
  RETURNING id
$$;
REVOKE ALL ON FUNCTION accept_received(jsonb) FROM PUBLIC;
CREATE FUNCTION due_received(at_most integer) RETURNS TABLE (id bigint, company_id bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  found_rows integer := 0;
  due record;
BEGIN
  FOR due IN
    SELECT r.id, r.company_id FROM intake_receivedmessage r
    WHERE r.state = 'waiting' AND r.due_at <= clock_timestamp()
    ORDER BY r.due_at, r.id LIMIT at_most * 20
  LOOP
    -- The lock belongs to the caller's session: it is free again the moment that the session ends.
    IF pg_try_advisory_lock(10, (due.id % 2147483647)::integer) THEN
      UPDATE intake_receivedmessage r SET attempts = r.attempts + 1
        WHERE r.id = due.id AND r.state = 'waiting' AND r.due_at <= clock_timestamp();
      IF FOUND THEN
        id := due.id; company_id := due.company_id;
        RETURN NEXT;
        found_rows := found_rows + 1;
        EXIT WHEN found_rows >= at_most;
      ELSE
        PERFORM pg_advisory_unlock(10, (due.id % 2147483647)::integer);
      END IF;
    END IF;
  END LOOP;
END
$$;
REVOKE ALL ON FUNCTION due_received(integer) FROM PUBLIC;
CREATE FUNCTION settle_operator_mail(a_row bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
  UPDATE intake_receivedmessage SET state = 'done', outcome = 'operator', reason = 'operator'
  WHERE id = a_row AND company_id IS NULL
$$;
REVOKE ALL ON FUNCTION settle_operator_mail(bigint) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    """Row policies; accepting and finding what waits happen before the company is known.

    due_received() counts the attempt and leaves a session's advisory lock (10, id) on each row that it
    returns. The caller releases it with pg_advisory_unlock when the row's fate is stored.
    """

    dependencies = [("intake", "0001_first")]
    operations = [
        wall("intake_receivedmessage"),
        migrations.RunSQL(
            WORK,
            "DROP FUNCTION accept_received(jsonb); DROP FUNCTION due_received(integer);"
            " DROP FUNCTION settle_operator_mail(bigint)",
        ),
    ]
