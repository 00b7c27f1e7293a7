import django.db.models.deletion
from django.db import migrations, models

from emailhub.accounts.tenancy import wall

DUE = """
CREATE FUNCTION due_sending_domains(at_most integer) RETURNS TABLE (id bigint, company_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT d.id, d.company_id FROM hub_sendingdomain d
  WHERE d.due_at <= clock_timestamp() ORDER BY d.due_at LIMIT at_most
$$
"""


class Migration(migrations.Migration):
    """Companies' domains whose mail leaves by our relay: their proofs in the DNS and the keys that sign."""

    dependencies = [("hub", "0011_sending_by_own_server")]
    operations = [
        migrations.CreateModel(
            name="SendingDomain",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("domain", models.CharField(max_length=253)),
                ("challenge", models.CharField(max_length=80)),
                ("selector", models.CharField(max_length=30)),
                ("public_key", models.TextField()),
                ("sealed_key", models.BinaryField()),
                ("next_selector", models.CharField(blank=True, max_length=30)),
                ("next_public_key", models.TextField(blank=True)),
                ("next_sealed_key", models.BinaryField(default=bytes)),
                ("records", models.JSONField(default=list)),
                ("checked_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField()),
                ("proved_at", models.DateTimeField(null=True)),
                ("failing_since", models.DateTimeField(null=True)),
                ("lapsed_at", models.DateTimeField(null=True)),
                ("lapsed_senders", models.JSONField(default=list)),
                ("created_at", models.DateTimeField()),
                ("company", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.company")),
            ],
            options={
                "indexes": [models.Index(fields=["due_at"], name="hub_sendingdomain_due")],
                "constraints": [
                    models.UniqueConstraint(fields=("company", "id"), name="hub_sendingdomain_company_id"),
                    models.UniqueConstraint(fields=("company", "domain"), name="hub_sendingdomain_once"),
                ],
            },
        ),
        wall("hub_sendingdomain"),
        migrations.RunSQL(DUE, "DROP FUNCTION due_sending_domains(integer)"),
    ]
