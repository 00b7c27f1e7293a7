"""The embedded PostgreSQL: find binaries, create, start, adopt, stop. Knows no Django."""
