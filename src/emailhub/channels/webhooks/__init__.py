"""Mail that another program hands in by HTTP: one raw mail a request, signed with the team's secret.

Lives here: the signature and what it covers (signatures), the endpoint (views, urls).
Not here: the secret and its page (hub.webhooks, web), what becomes of a mail (intake).
Called by: whoever knows a team's address and secret; docs/receiving.md says how.
"""
