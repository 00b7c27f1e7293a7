from django.db import migrations, models


class Migration(migrations.Migration):
    """Files that were too large for their mail and went as links."""

    dependencies = [('desk', '0022_remote_pictures')]
    operations = [
        migrations.AddField(
            model_name='attachment',
            name='linked_until',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='attachment',
            name='link_ended_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='attachment',
            name='downloads',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddIndex(
            model_name='attachment',
            index=models.Index(condition=models.Q(('linked_until__isnull', False)), fields=['company', 'linked_until'], name='desk_attachment_linked'),
        ),
    ]
