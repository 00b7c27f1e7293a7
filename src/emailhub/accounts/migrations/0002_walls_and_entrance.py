from django.db import migrations

from emailhub.accounts.tenancy import wall

ENTRANCE = """
CREATE FUNCTION companies_of(a_user bigint) RETURNS TABLE (company_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT a.company_id FROM accounts_advisor a
  WHERE a.user_id = a_user AND a.is_active ORDER BY a.company_id
$$;
REVOKE ALL ON FUNCTION companies_of(bigint) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    """Row policies, and the one question that may be asked before the company is known."""

    dependencies = [("accounts", "0001_first")]
    operations = [
        *(wall(table) for table in ("accounts_team", "accounts_advisor", "accounts_membership")),
        migrations.RunSQL(ENTRANCE, "DROP FUNCTION companies_of(bigint)"),
    ]
