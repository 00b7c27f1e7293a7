"""Fixtures of the bucket."""

from tests.s3 import bucket, service

__all__ = ["bucket", "service"]
