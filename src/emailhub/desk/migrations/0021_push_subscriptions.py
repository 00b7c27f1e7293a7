import django.db.models.deletion
from django.db import migrations, models

import emailhub.accounts.tenancy
from emailhub.accounts.tenancy import wall

DUE = """
CREATE FUNCTION due_pushes(at_most integer) RETURNS TABLE (id bigint, company_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT n.id, n.company_id FROM desk_notification n WHERE n.push_due ORDER BY n.id LIMIT at_most
$$;
REVOKE ALL ON FUNCTION due_pushes(integer) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    """Browsers that are told what is new, and what waits for them, asked before the company is known."""

    dependencies = [('accounts', '0008_second_factor_demanded'), ('desk', '0020_saved_replies')]
    operations = [
        migrations.CreateModel(
            name='PushSubscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('session', models.CharField(max_length=64)),
                ('endpoint', models.CharField(max_length=1000)),
                ('key', models.CharField(max_length=100)),
                ('secret', models.CharField(max_length=30)),
                ('since', models.DateTimeField()),
                ('advisor', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='push_subscriptions', to='accounts.advisor')),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.company')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('company', 'id'), name='desk_pushsubscription_company_id'), emailhub.accounts.tenancy.SameCompany('advisor', name='desk_pushsubscription_advisor_company'), models.UniqueConstraint(fields=('company', 'advisor', 'session'), name='desk_pushsubscription_one_a_browser')],
            },
        ),
        wall('desk_pushsubscription'),
        migrations.RunSQL(DUE, 'DROP FUNCTION due_pushes(integer)'),
    ]
