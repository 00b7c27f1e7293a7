import django.db.models.deletion
from django.db import migrations, models

import emailhub.accounts.tenancy
from emailhub.accounts.tenancy import wall

APPEND_ONLY = """
CREATE FUNCTION refuse_to_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON accounts_auditentry
  FOR EACH ROW EXECUTE FUNCTION refuse_to_rewrite();
"""
UNDO = "DROP TRIGGER append_only ON accounts_auditentry; DROP FUNCTION refuse_to_rewrite();"


def _link(to: str) -> "models.Field[object, object]":
    return models.ForeignKey(
        db_constraint=False,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=to,
    )


class Migration(migrations.Migration):
    """Who changed what, when, and what it was before. Neither the program nor a slip of it rewrites it."""

    dependencies = [("accounts", "0005_settings_of_companies_and_teams")]
    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("kind", models.CharField(max_length=30)),
                (
                    "action",
                    models.CharField(
                        choices=[("added", "Added"), ("changed", "Changed"), ("removed", "Removed")],
                        max_length=10,
                    ),
                ),
                ("what", models.CharField(max_length=254)),
                ("by_name", models.CharField(blank=True, max_length=100)),
                ("changes", models.JSONField(default=dict)),
                ("by", _link("accounts.advisor")),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                ("team", _link("accounts.team")),
            ],
            options={
                "verbose_name_plural": "audit entries",
                "indexes": [
                    models.Index(fields=["company", "-id"], name="accounts_audit_newest"),
                    models.Index(fields=["company", "team", "-id"], name="accounts_audit_of_team"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("company", "id"), name="accounts_auditentry_company_id"),
                    emailhub.accounts.tenancy.SameCompany("team", name="accounts_auditentry_team_company"),
                    emailhub.accounts.tenancy.SameCompany("by", name="accounts_auditentry_by_company"),
                ],
            },
        ),
        wall("accounts_auditentry"),
        migrations.RunSQL(APPEND_ONLY, UNDO),
    ]
