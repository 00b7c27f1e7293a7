"""The pages: server-rendered HTML, forms, templates, static files and the live stream.

Lives here: one call down into `desk`, `hub` or `accounts`, one template or fragment up.
Not here: decisions about tickets (desk), mail (mail, rules) or wires (channels).
Called by: the browser, through `emailhub.urls`.
"""
