import uuid

import django.db.models.deletion
from django.db import migrations, models

import emailhub.accounts.tenancy
from emailhub.accounts.tenancy import wall


class Migration(migrations.Migration):
    """Text messages on tickets, and the numbers whose owners want none."""

    dependencies = [
        ('accounts', '0008_second_factor_demanded'),
        ('delivery', '0007_connections'),
        ('desk', '0011_snoozed_tickets'),
    ]
    operations = [
        migrations.AlterField(
            model_name='activity',
            name='kind',
            field=models.CharField(choices=[('received', 'Email received'), ('sent', 'Email sent'), ('note', 'Internal note'), ('chat_received', 'Chat received'), ('chat_sent', 'Chat sent'), ('created', 'Ticket created'), ('assigned', 'Assigned'), ('moved', 'Moved to another team'), ('waiting', 'Waiting on customer'), ('opened', 'Opened'), ('closed', 'Closed'), ('reopened', 'Reopened'), ('subject', 'Subject changed'), ('contact', 'Contact changed'), ('not_delivered', 'Not delivered'), ('automatic_reply', 'Automatic reply sent'), ('junk', 'Marked as junk'), ('silenced', 'No more automatic replies to a sender'), ('opted_out', 'Wants no more text messages'), ('opted_in', 'Wants text messages again'), ('snoozed', 'Snoozed'), ('woken', 'Back from its snooze'), ('tagged', 'Tags changed'), ('linked', 'Linked with another ticket')], max_length=20),
        ),
        migrations.AlterField(
            model_name='draft',
            name='channel',
            field=models.CharField(choices=[('email', 'Email'), ('note', 'Internal note'), ('chat', 'Chat'), ('whatsapp', 'WhatsApp')], max_length=10),
        ),
        migrations.CreateModel(
            name='ChatMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('sms', 'SMS'), ('whatsapp', 'WhatsApp')], max_length=10)),
                ('number', models.CharField(max_length=40)),
                ('own_number', models.CharField(max_length=40)),
                ('key', models.UUIDField(default=uuid.uuid4)),
                ('gateway_id', models.CharField(blank=True, max_length=64)),
                ('state', models.CharField(blank=True, max_length=10)),
                ('error_code', models.CharField(blank=True, max_length=20)),
                ('segments', models.PositiveSmallIntegerField(default=0)),
                ('changed_at', models.DateTimeField(null=True)),
                ('activity', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='chat', to='desk.activity')),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.company')),
                ('connection', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='delivery.connection')),
                ('contact', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='desk.contact')),
                ('outgoing', models.OneToOneField(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='desk_chat', to='delivery.outgoingmessage')),
                ('ticket', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='chats', to='desk.ticket')),
            ],
            options={
                'indexes': [models.Index(fields=['company', 'ticket', '-id'], name='desk_chatmessage_ticket'), models.Index(fields=['company', 'number', '-id'], name='desk_chatmessage_number')],
                'constraints': [models.UniqueConstraint(fields=('company', 'id'), name='desk_chatmessage_company_id'), emailhub.accounts.tenancy.SameCompany('activity', name='desk_chatmessage_activity_company'), emailhub.accounts.tenancy.SameCompany('ticket', name='desk_chatmessage_ticket_company'), emailhub.accounts.tenancy.SameCompany('connection', name='desk_chatmessage_connection_company'), emailhub.accounts.tenancy.SameCompany('outgoing', name='desk_chatmessage_outgoing_company'), emailhub.accounts.tenancy.SameCompany('contact', name='desk_chatmessage_contact_company'), models.UniqueConstraint(condition=models.Q(('gateway_id', ''), _negated=True), fields=('company', 'gateway_id'), name='desk_chatmessage_once'), models.UniqueConstraint(fields=('company', 'key'), name='desk_chatmessage_key')],
            },
        ),
        migrations.CreateModel(
            name='ClosedNumber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=40)),
                ('kind', models.CharField(choices=[('sms', 'SMS'), ('whatsapp', 'WhatsApp')], max_length=10)),
                ('at', models.DateTimeField()),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.company')),
            ],
            options={
                'verbose_name': 'closed number',
                'constraints': [models.UniqueConstraint(fields=('company', 'id'), name='desk_closednumber_company_id'), models.UniqueConstraint(fields=('company', 'number', 'kind'), name='desk_closednumber_once')],
            },
        ),
        wall('desk_chatmessage'),
        wall('desk_closednumber'),
    ]
