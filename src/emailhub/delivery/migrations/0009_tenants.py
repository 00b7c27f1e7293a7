from django.db import migrations

TENANT_OF_ANOTHER = """
CREATE FUNCTION tenant_of_another_company(tenant text, not_of bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM delivery_connection c
    WHERE c.kind = 'graph' AND c.company_id <> not_of AND c.settings ->> 'tenant' = tenant
  );
$$;
REVOKE ALL ON FUNCTION tenant_of_another_company(text, bigint) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    """Whether a tenant at Microsoft is another company's is asked across the wall, and answered yes or no."""

    dependencies = [("delivery", "0008_remote_messages")]
    operations = [
        migrations.RunSQL(TENANT_OF_ANOTHER, "DROP FUNCTION tenant_of_another_company(text, bigint)"),
    ]
