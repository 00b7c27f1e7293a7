from django.db import migrations, models


class Migration(migrations.Migration):
    """A company may demand a second factor. To demand it closes its streams: who has none hears nothing more."""

    dependencies = [("accounts", "0007_invitations")]
    operations = [
        migrations.AddField("company", "second_factor_demanded", models.BooleanField(default=False)),
        migrations.RunSQL(
            "CREATE TRIGGER notify_second_factor AFTER UPDATE OF second_factor_demanded ON accounts_company"
            " FOR EACH ROW WHEN (OLD.second_factor_demanded <> NEW.second_factor_demanded)"
            " EXECUTE FUNCTION notify_company_access()",
            "DROP TRIGGER notify_second_factor ON accounts_company",
        ),
    ]
