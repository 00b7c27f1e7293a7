"""What an administrator pastes into PowerShell, so that EmailHub reaches one mailbox alone."""

from __future__ import annotations


def commands_for(client_id: str, mailbox: str) -> str:
    """RBAC for Applications: two roles within a scope of one mailbox, then the roles without a scope away.

    The consent alone lets the application into every mailbox, and permissions add up.
    """
    app, scope = _quoted(client_id), _quoted(f"EmailHub {mailbox}")
    only_this = _quoted(f"PrimarySmtpAddress -eq {_quoted(mailbox)}")
    roles = "\n".join(
        f"New-ManagementRoleAssignment -App $app.AppId -Role {_quoted(role)} -CustomResourceScope {scope}"
        for role in ("Application Mail.ReadWrite", "Application Mail.Send")
    )
    filtered = _quoted(f"AppId eq {app}")
    return f"""\
Connect-ExchangeOnline
Connect-MgGraph -Scopes 'Application.Read.All', 'AppRoleAssignment.ReadWrite.All'
$app = Get-MgServicePrincipal -Filter {filtered}
New-ServicePrincipal -AppId $app.AppId -ObjectId $app.Id -DisplayName 'EmailHub'
New-ManagementScope -Name {scope} -RecipientRestrictionFilter {only_this}
{roles}
Get-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $app.Id | ForEach-Object {{
  Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $app.Id -AppRoleAssignmentId $_.Id
}}
Test-ServicePrincipalAuthorization -Identity $app.AppId -Resource {_quoted(mailbox)}
"""


def commands_for_one_more(client_id: str, mailbox: str) -> str:
    """The same for another mailbox of a tenant that has the application already."""
    scope = _quoted(f"EmailHub {mailbox}")
    kept = [
        line
        for line in commands_for(client_id, mailbox).splitlines()
        if line.startswith(("Connect-Ex", "New-ManagementScope", "New-ManagementRole"))
    ]
    assert scope in kept[1]
    return "\n".join(kept).replace("$app.AppId", _quoted(client_id)) + "\n"


def _quoted(text: str) -> str:
    """A string in which PowerShell sees no variable and no command."""
    return "'" + text.replace("'", "''") + "'"
