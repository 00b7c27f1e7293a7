from django.db import migrations

COMPANY = """
CREATE FUNCTION company_of_user_email(an_address text) RETURNS TABLE (company_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT a.company_id FROM accounts_user u JOIN accounts_advisor a ON a.user_id = u.id
  WHERE lower(u.email) = lower(an_address) AND u.is_active AND a.is_active
  ORDER BY a.company_id LIMIT 1
$$;
REVOKE ALL ON FUNCTION company_of_user_email(text) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    """Mail about an account is sent before the company is known: whose outbox does it go into?"""

    dependencies = [("delivery", "0002_walls_and_due"), ("accounts", "0002_walls_and_entrance")]
    operations = [migrations.RunSQL(COMPANY, "DROP FUNCTION company_of_user_email(text)")]
