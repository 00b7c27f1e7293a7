import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import emailhub.accounts.tenancy
from emailhub.accounts.tenancy import wall

ENTRANCE = """
CREATE FUNCTION company_of_invitation(a_digest text) RETURNS TABLE (company_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT i.company_id FROM accounts_invitation i WHERE i.token_digest = a_digest
$$;
REVOKE ALL ON FUNCTION company_of_invitation(text) FROM PUBLIC;
"""


def _company() -> "models.Field[object, object]":
    return models.ForeignKey(
        db_index=False,
        on_delete=django.db.models.deletion.CASCADE,
        related_name="+",
        to="accounts.company",
    )


def _id() -> "models.Field[object, object]":
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    """Who may become an advisor by a mail, and of which company the token in it speaks."""

    dependencies = [("accounts", "0006_audit")]
    operations = [
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", _id()),
                ("email", models.EmailField(max_length=254, verbose_name="email")),
                ("name", models.CharField(blank=True, max_length=100, verbose_name="name")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("admin", "Administrator"),
                            ("advisor", "Advisor"),
                            ("view_only", "View only"),
                        ],
                        default="advisor",
                        max_length=10,
                        verbose_name="role",
                    ),
                ),
                ("token_digest", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("company", _company()),
                (
                    "invited_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.advisor",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("company", "id"), name="accounts_invitation_company_id"),
                    emailhub.accounts.tenancy.SameCompany(
                        "invited_by", name="accounts_invitation_invited_by_company"
                    ),
                    models.UniqueConstraint(
                        models.F("company"),
                        django.db.models.functions.text.Lower("email"),
                        condition=models.Q(("accepted_at__isnull", True), ("withdrawn_at__isnull", True)),
                        name="accounts_invitation_one_open",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InvitedTo",
            fields=[
                ("id", _id()),
                ("is_manager", models.BooleanField(default=False)),
                ("company", _company()),
                (
                    "invitation",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="teams",
                        to="accounts.invitation",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.team",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("company", "id"), name="accounts_invitedto_company_id"),
                    emailhub.accounts.tenancy.SameCompany(
                        "invitation", name="accounts_invitedto_invitation_company"
                    ),
                    emailhub.accounts.tenancy.SameCompany("team", name="accounts_invitedto_team_company"),
                    models.UniqueConstraint(
                        fields=("company", "invitation", "team"), name="accounts_invitedto_once"
                    ),
                ],
            },
        ),
        wall("accounts_invitation"),
        wall("accounts_invitedto"),
        migrations.RunSQL(ENTRANCE, "DROP FUNCTION company_of_invitation(text)"),
    ]
