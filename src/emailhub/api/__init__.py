"""The public JSON API and webhooks out. Nothing yet: it has an issue of its own."""
