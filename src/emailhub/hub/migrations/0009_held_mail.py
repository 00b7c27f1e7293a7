from django.db import migrations, models


class Migration(migrations.Migration):
    """How long held mail is kept, and when managers were told of it."""

    dependencies = [("hub", "0008_forwarding_confirmations")]
    operations = [
        migrations.AddField(
            model_name='identity',
            name='keep_held_days',
            field=models.PositiveSmallIntegerField(default=30),
        ),
        migrations.AddField(
            model_name='identity',
            name='digest_on',
            field=models.DateField(null=True),
        ),
    ]
