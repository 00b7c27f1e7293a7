import django.db.models.deletion
from django.db import migrations, models

import emailhub.accounts.tenancy


class Migration(migrations.Migration):
    """A company's logo; a team's time zone, and what is left of a deleted one."""

    dependencies = [("accounts", "0006_ends_of_sessions")]
    operations = [
        migrations.AddField("company", "logo_key", models.CharField(blank=True, max_length=64)),
        migrations.AddField("team", "deleted_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "team",
            "heir",
            models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.team",
            ),
        ),
        migrations.AddField(
            "team", "time_zone", models.CharField(blank=True, max_length=64, verbose_name="time zone")
        ),
        migrations.AlterField(
            "company",
            "language",
            models.CharField(
                choices=[("es", "Español"), ("en", "English")],
                default="es",
                max_length=5,
                verbose_name="language",
            ),
        ),
        migrations.AlterField(
            "company",
            "managers_read_all",
            models.BooleanField(default=True, verbose_name="Managers read all teams' tickets"),
        ),
        migrations.AlterField(
            "company", "name", models.CharField(max_length=200, verbose_name="company name")
        ),
        migrations.AlterField(
            "company",
            "time_zone",
            models.CharField(default="Europe/Madrid", max_length=64, verbose_name="time zone"),
        ),
        migrations.AddConstraint(
            "team", emailhub.accounts.tenancy.SameCompany("heir", name="accounts_team_heir_company")
        ),
        migrations.AddConstraint(
            "team",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("deleted_at__isnull", True), ("heir__isnull", True)),
                    models.Q(("deleted_at__isnull", False), ("heir__isnull", False)),
                    _connector="OR",
                ),
                name="accounts_team_deleted_has_heir",
            ),
        ),
    ]
