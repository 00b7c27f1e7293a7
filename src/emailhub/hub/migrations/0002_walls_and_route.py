from django.db import migrations

from emailhub.accounts.tenancy import wall

ROUTE = """
CREATE FUNCTION team_of_address(an_address text) RETURNS TABLE (company_id bigint, team_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT h.company_id, h.team_id FROM hub_hubaddress h WHERE h.address = an_address
$$;
REVOKE ALL ON FUNCTION team_of_address(text) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    """Row policies; which team an address belongs to is asked before the company is known."""

    dependencies = [("hub", "0001_first")]
    operations = [
        *(wall(table) for table in ("hub_identity", "hub_hubaddress")),
        migrations.RunSQL(ROUTE, "DROP FUNCTION team_of_address(text)"),
    ]
