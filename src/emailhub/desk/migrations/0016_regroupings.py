import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import emailhub.accounts.tenancy
from emailhub.accounts.tenancy import wall


class Migration(migrations.Migration):
    """What was split off, moved or merged, and the ticket that a merged one is part of."""

    dependencies = [
        ('accounts', '0008_second_factor_demanded'),
        ('desk', '0015_bulk_acts'),
    ]

    operations = [
        migrations.CreateModel(
            name='Regrouping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('split', 'Split'), ('move', 'Move'), ('merge', 'Merge')], max_length=10)),
                ('activity_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('was_closed', models.BooleanField(default=False)),
                ('followers', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('at', models.DateTimeField()),
                ('undone_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.advisor')),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.company')),
                ('source', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='regroupings_from', to='desk.ticket')),
                ('target', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='regroupings_to', to='desk.ticket')),
            ],
        ),
        migrations.AddField(
            model_name='ticket',
            name='merged_into',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='merged', to='desk.ticket'),
        ),
        migrations.AlterField(
            model_name='activity',
            name='kind',
            field=models.CharField(choices=[('received', 'Email received'), ('sent', 'Email sent'), ('note', 'Internal note'), ('created', 'Ticket created'), ('assigned', 'Assigned'), ('moved', 'Moved to another team'), ('waiting', 'Waiting on customer'), ('opened', 'Opened'), ('chat_received', 'Chat received'), ('chat_sent', 'Chat sent'), ('closed', 'Closed'), ('reopened', 'Reopened'), ('subject', 'Subject changed'), ('contact', 'Contact changed'), ('not_delivered', 'Not delivered'), ('automatic_reply', 'Automatic reply sent'), ('junk', 'Marked as junk'), ('silenced', 'No more automatic replies to a sender'), ('snoozed', 'Snoozed'), ('woken', 'Back from its snooze'), ('tagged', 'Tags changed'), ('linked', 'Linked with another ticket'), ('regrouped', 'Split, moved or merged'), ('opted_out', 'Wants no more text messages'), ('opted_in', 'Wants text messages again')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='ticket',
            constraint=emailhub.accounts.tenancy.SameCompany('merged_into', name='desk_ticket_merged_into_company'),
        ),
        migrations.AddConstraint(
            model_name='regrouping',
            constraint=models.UniqueConstraint(fields=('company', 'id'), name='desk_regrouping_company_id'),
        ),
        migrations.AddConstraint(
            model_name='regrouping',
            constraint=emailhub.accounts.tenancy.SameCompany('source', name='desk_regrouping_source_company'),
        ),
        migrations.AddConstraint(
            model_name='regrouping',
            constraint=emailhub.accounts.tenancy.SameCompany('target', name='desk_regrouping_target_company'),
        ),
        migrations.AddConstraint(
            model_name='regrouping',
            constraint=emailhub.accounts.tenancy.SameCompany('by', name='desk_regrouping_by_company'),
        ),
        wall('desk_regrouping'),
    ]
