"""The one guarded way out to DNS and HTTP. Nothing yet: the first user brings it."""
