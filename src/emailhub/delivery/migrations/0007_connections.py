import django.db.models.deletion
from django.db import migrations, models

from emailhub.accounts.tenancy import SameCompany, wall

DUE = """
CREATE FUNCTION due_connections(of_kind text, at_most integer) RETURNS TABLE (id bigint, company_id bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  found_rows integer := 0;
  due record;
BEGIN
  FOR due IN
    SELECT c.id, c.company_id FROM delivery_connection c
    WHERE c.due_at <= clock_timestamp() AND c.kind = of_kind
    ORDER BY c.due_at LIMIT at_most * 20
  LOOP
    -- The lock belongs to the caller's session: it is free again the moment that the session ends.
    IF pg_try_advisory_lock(21, (due.id % 2147483647)::integer) THEN
      PERFORM 1 FROM delivery_connection c WHERE c.id = due.id AND c.due_at <= clock_timestamp();
      IF FOUND THEN
        id := due.id; company_id := due.company_id;
        RETURN NEXT;
        found_rows := found_rows + 1;
        EXIT WHEN found_rows >= at_most;
      ELSE
        PERFORM pg_advisory_unlock(21, (due.id % 2147483647)::integer);
      END IF;
    END IF;
  END LOOP;
END
$$;
REVOKE ALL ON FUNCTION due_connections(text, integer) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    """Accounts at other servers. Which are due is asked before the company is known.

    due_connections() leaves a session's advisory lock (21, id) on each row that it returns. The caller
    releases it with pg_advisory_unlock when the row's work is stored.
    """

    dependencies = [("accounts", "0008_second_factor_demanded"), ("delivery", "0006_restorations")]
    operations = [
        migrations.CreateModel(
            name="Connection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("graph", "Microsoft 365"), ("smtp", "SMTP server"), ("imap", "IMAP mailbox"), ("texting", "SMS and WhatsApp"), ("webhook", "Webhook")], max_length=10)),
                ("name", models.CharField(max_length=320)),
                ("settings", models.JSONField(default=dict)),
                ("sealed", models.BinaryField(default=bytes)),
                ("state", models.CharField(choices=[("new", "New"), ("working", "Working"), ("failing", "Failing"), ("stopped", "Stopped"), ("off", "Off")], default="new", max_length=10)),
                ("problem", models.CharField(blank=True, max_length=60)),
                ("problem_detail", models.TextField(blank=True)),
                ("failing_since", models.DateTimeField(blank=True, null=True)),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("last_in_at", models.DateTimeField(blank=True, null=True)),
                ("last_out_at", models.DateTimeField(blank=True, null=True)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("cursor", models.JSONField(default=dict)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("company", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.company")),
                ("team", models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.team")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["company", "team", "kind"], name="delivery_connection_team"),
                    models.Index(condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="delivery_connection_due"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("company", "id"), name="delivery_connection_company_id"),
                    SameCompany("team", name="delivery_connection_team_company"),
                ],
            },
        ),
        wall("delivery_connection"),
        migrations.AddField(
            model_name="outgoingmessage",
            name="connection",
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="delivery.connection"),
        ),
        migrations.AddConstraint(
            model_name="outgoingmessage",
            constraint=SameCompany("connection", name="delivery_outgoingmessage_connection_company"),
        ),
        migrations.RunSQL(DUE, "DROP FUNCTION due_connections(text, integer)"),
    ]
