from django.db import migrations, models
from django.db.models import Q

DUE = """
CREATE FUNCTION due_snoozes(at_most integer) RETURNS TABLE (id bigint, company_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT t.id, t.company_id FROM desk_ticket t
  WHERE t.snoozed_until IS NOT NULL AND t.snoozed_until <= clock_timestamp()
  ORDER BY t.snoozed_until LIMIT at_most
$$;
REVOKE ALL ON FUNCTION due_snoozes(integer) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    """Tickets that are out of sight until a time; what wakes is asked before the company is known.

    The kinds of entries are those of snoozing, of tags and of links.
    """

    dependencies = [("desk", "0010_merges")]

    operations = [
        migrations.AddField("ticket", "snoozed_until", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("ticket", "snooze_reason", models.CharField(blank=True, max_length=200)),
        migrations.AlterField(
            "ticket",
            "status",
            models.CharField(
                choices=[
                    ("open", "Open"),
                    ("waiting", "Waiting"),
                    ("snoozed", "Snoozed"),
                    ("closed", "Closed"),
                ],
                default="open",
                max_length=10,
                verbose_name="status",
            ),
        ),
        migrations.AddConstraint(
            "ticket",
            models.CheckConstraint(
                condition=Q(status="snoozed", snoozed_until__isnull=False)
                | (~Q(status="snoozed") & Q(snoozed_until__isnull=True)),
                name="desk_ticket_snoozed_has_instant",
            ),
        ),
        migrations.AddIndex(
            "ticket",
            models.Index(
                fields=["snoozed_until"],
                condition=Q(snoozed_until__isnull=False),
                name="desk_ticket_wakes",
            ),
        ),
        migrations.AlterField(
            "activity",
            "kind",
            models.CharField(
                choices=[
                    ("received", "Email received"),
                    ("sent", "Email sent"),
                    ("note", "Internal note"),
                    ("created", "Ticket created"),
                    ("assigned", "Assigned"),
                    ("moved", "Moved to another team"),
                    ("waiting", "Waiting on customer"),
                    ("opened", "Opened"),
                    ("closed", "Closed"),
                    ("reopened", "Reopened"),
                    ("subject", "Subject changed"),
                    ("contact", "Contact changed"),
                    ("not_delivered", "Not delivered"),
                    ("automatic_reply", "Automatic reply sent"),
                    ("junk", "Marked as junk"),
                    ("silenced", "No more automatic replies to a sender"),
                    ("snoozed", "Snoozed"),
                    ("woken", "Back from its snooze"),
                    ("tagged", "Tags changed"),
                    ("linked", "Linked with another ticket"),
                ],
                max_length=20,
            ),
        ),
        migrations.RunSQL(DUE, "DROP FUNCTION due_snoozes(integer)"),
    ]
