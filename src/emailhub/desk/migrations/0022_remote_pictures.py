import django.db.models.deletion
from django.db import migrations, models

import emailhub.accounts.tenancy
from emailhub.accounts.tenancy import wall


class Migration(migrations.Migration):
    """Pictures that mails show from elsewhere, and whose are always shown."""

    dependencies = [('desk', '0021_push_subscriptions')]
    operations = [
        migrations.CreateModel(
            name='RemotePicture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64)),
                ('content_key', models.CharField(max_length=64)),
                ('content_type', models.CharField(max_length=20)),
                ('size', models.PositiveIntegerField()),
                ('fetched_at', models.DateTimeField()),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.company')),
                ('message', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='remote_pictures', to='desk.message')),
            ],
            options={
                'indexes': [models.Index(fields=['company', 'fetched_at'], name='desk_remote_picture_age')],
                'constraints': [models.UniqueConstraint(fields=('company', 'id'), name='desk_remotepicture_company_id'), emailhub.accounts.tenancy.SameCompany('message', name='desk_remotepicture_message_company'), models.UniqueConstraint(fields=('company', 'message', 'digest'), name='desk_remote_picture_once_a_message')],
            },
        ),
        migrations.CreateModel(
            name='ShownSender',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.CharField(max_length=320)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.advisor')),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.company')),
                ('team', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='shown_senders', to='accounts.team')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('company', 'id'), name='desk_shownsender_company_id'), emailhub.accounts.tenancy.SameCompany('team', name='desk_shownsender_team_company'), emailhub.accounts.tenancy.SameCompany('by', name='desk_shownsender_by_company'), models.UniqueConstraint(fields=('company', 'team', 'address'), name='desk_shown_sender_once')],
            },
        ),
        wall('desk_remotepicture'),
        wall('desk_shownsender'),
    ]
