from django.db import migrations

from emailhub.accounts.tenancy import wall

DUE = """
CREATE FUNCTION due_outgoing(at_most integer) RETURNS TABLE (id bigint, company_id bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  found_rows integer := 0;
  due record;
BEGIN
  FOR due IN
    SELECT o.id, o.company_id FROM delivery_outgoingmessage o
    WHERE o.state IN ('queued', 'sending') AND o.due_at <= clock_timestamp()
    ORDER BY o.due_at LIMIT at_most * 20
  LOOP
    -- The lock belongs to the caller's session: it is free again the moment that the session ends.
    IF pg_try_advisory_lock(20, (due.id % 2147483647)::integer) THEN
      PERFORM 1 FROM delivery_outgoingmessage o
        WHERE o.id = due.id AND o.state IN ('queued', 'sending') AND o.due_at <= clock_timestamp();
      IF FOUND THEN
        id := due.id; company_id := due.company_id;
        RETURN NEXT;
        found_rows := found_rows + 1;
        EXIT WHEN found_rows >= at_most;
      ELSE
        PERFORM pg_advisory_unlock(20, (due.id % 2147483647)::integer);
      END IF;
    END IF;
  END LOOP;
END
$$;
REVOKE ALL ON FUNCTION due_outgoing(integer) FROM PUBLIC;
CREATE FUNCTION company_of_return_path(an_address text) RETURNS TABLE (company_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT o.company_id FROM delivery_outgoingmessage o WHERE o.mail_from = an_address
$$;
REVOKE ALL ON FUNCTION company_of_return_path(text) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    """Row policies; what is due, and whose a return-path is, is asked before the company is known.

    due_outgoing() leaves a session's advisory lock (20, id) on each row that it returns. The caller
    releases it with pg_advisory_unlock when the row's outcome is stored.
    """

    dependencies = [("delivery", "0001_first")]
    operations = [
        *(wall(table) for table in ("delivery_outgoingmessage", "delivery_outgoingrecipient")),
        migrations.RunSQL(
            DUE, "DROP FUNCTION due_outgoing(integer); DROP FUNCTION company_of_return_path(text)"
        ),
    ]
