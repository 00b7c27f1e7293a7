from django.db import migrations, models

DUE = """
CREATE OR REPLACE FUNCTION due_outgoing(at_most integer) RETURNS TABLE (id bigint, company_id bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  found_rows integer := 0;
  due record;
BEGIN
  IF EXISTS (SELECT FROM delivery_outboxhold) THEN
    RETURN;
  END IF;
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
"""

class Migration(migrations.Migration):
    """While the row of a restore is there, nothing is due. One row for the installation, outside the walls."""

    dependencies = [("delivery", "0003_company_of_user_email")]
    operations = [
        migrations.CreateModel(
            name="OutboxHold",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("taken_at", models.DateTimeField()),
                ("restored_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="delivery_outboxhold_one")
                ],
            },
        ),
        migrations.RunSQL(DUE, migrations.RunSQL.noop),
    ]
