import django.db.models.deletion
import emailhub.accounts.tenancy
from django.db import migrations, models

from emailhub.accounts.tenancy import wall


class Migration(migrations.Migration):
    """Links between tickets by an advisor's word."""

    dependencies = [
        ('accounts', '0008_second_factor_demanded'),
        ('desk', '0017_saved_views'),
    ]

    operations = [
        migrations.CreateModel(
            name='TicketLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('related', 'related to'), ('duplicate', 'duplicate of')], max_length=10)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.advisor')),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.company')),
                ('other', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='links_back', to='desk.ticket')),
                ('ticket', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='links', to='desk.ticket')),
            ],
            options={
                'indexes': [models.Index(fields=['company', 'other'], name='desk_ticketlink_back')],
                'constraints': [models.UniqueConstraint(fields=('company', 'id'), name='desk_ticketlink_company_id'), emailhub.accounts.tenancy.SameCompany('ticket', name='desk_ticketlink_ticket_company'), emailhub.accounts.tenancy.SameCompany('other', name='desk_ticketlink_other_company'), emailhub.accounts.tenancy.SameCompany('by', name='desk_ticketlink_by_company'), models.UniqueConstraint(fields=('company', 'ticket', 'other'), name='desk_ticketlink_once')],
            },
        ),
        wall('desk_ticketlink'),
    ]
