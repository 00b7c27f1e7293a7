from django.db import migrations, models


class Migration(migrations.Migration):
    """After how many months a company's closed tickets are deleted; none: never."""

    dependencies = [("accounts", "0008_second_factor_demanded")]

    operations = [
        migrations.AddField(
            model_name="company",
            name="retention_months",
            field=models.PositiveSmallIntegerField(null=True),
        ),
    ]
