import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import emailhub.accounts.tenancy
from emailhub.accounts.tenancy import wall


class Migration(migrations.Migration):
    """Who follows a ticket, who is told of what, and of which news on which way."""

    dependencies = [('accounts', '0008_second_factor_demanded'), ('desk', '0012_chat')]
    operations = [
        migrations.CreateModel(
            name='Follower',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField()),
                ('advisor', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='follows', to='accounts.advisor')),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.company')),
                ('ticket', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='followers', to='desk.ticket')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('company', 'id'), name='desk_follower_company_id'), emailhub.accounts.tenancy.SameCompany('ticket', name='desk_follower_ticket_company'), emailhub.accounts.tenancy.SameCompany('advisor', name='desk_follower_advisor_company'), models.UniqueConstraint(fields=('company', 'ticket', 'advisor'), name='desk_follower_once')],
            },
        ),
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('mention', 'Somebody mentions me in a note'), ('assigned', 'A ticket is assigned to me'), ('not_delivered', 'An email of mine could not be delivered'), ('snooze', 'A ticket that was put off is due again'), ('reply', 'Something new on a ticket of mine'), ('followed', 'Something new on a ticket that I follow'), ('team', 'Something new for my team on a ticket that nobody has')], max_length=20)),
                ('at', models.DateTimeField()),
                ('in_page', models.BooleanField(default=True)),
                ('read_at', models.DateTimeField(null=True)),
                ('mail_due_at', models.DateTimeField(null=True)),
                ('push_due', models.BooleanField(default=False)),
                ('activity', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to='desk.activity')),
                ('advisor', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to='accounts.advisor')),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.company')),
                ('ticket', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to='desk.ticket')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('in_page', True), ('read_at__isnull', True)), fields=['company', 'advisor', '-id'], name='desk_notification_unread'), models.Index(fields=['company', 'advisor', '-id'], name='desk_notification_newest'), models.Index(condition=models.Q(('mail_due_at__isnull', False)), fields=['mail_due_at'], name='desk_notification_mail'), models.Index(condition=models.Q(('push_due', True)), fields=['id'], name='desk_notification_push')],
                'constraints': [models.UniqueConstraint(fields=('company', 'id'), name='desk_notification_company_id'), emailhub.accounts.tenancy.SameCompany('advisor', name='desk_notification_advisor_company'), emailhub.accounts.tenancy.SameCompany('ticket', name='desk_notification_ticket_company'), emailhub.accounts.tenancy.SameCompany('activity', name='desk_notification_activity_company'), models.UniqueConstraint(fields=('company', 'advisor', 'ticket', 'at'), name='desk_notification_once_an_act')],
            },
        ),
        migrations.CreateModel(
            name='NotificationChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('in_page', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, size=None)),
                ('by_email', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, size=None)),
                ('by_push', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, size=None)),
                ('rhythm', models.CharField(choices=[('at_once', 'After two minutes, unless I have read it here by then'), ('hourly', 'Once an hour, all in one email'), ('daily', 'Once a day at 8:00, all in one email')], default='at_once', max_length=10)),
                ('advisor', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='notification_choice', to='accounts.advisor')),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.company')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('company', 'id'), name='desk_notificationchoice_company_id'), emailhub.accounts.tenancy.SameCompany('advisor', name='desk_notificationchoice_advisor_company')],
            },
        ),
        *(wall(f'desk_{table}') for table in ('follower', 'notification', 'notificationchoice')),
    ]
