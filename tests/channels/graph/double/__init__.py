"""A stateful double of Microsoft Graph and its sign-in, on loopback, for tests.

It behaves as far as we know of the real ones: immutable ids, delta with its tokens, drafts that become sent
items under another id, headers and names that Exchange changes, limits, and faults when a test asks for them.
"""

from .server import Double, serving

__all__ = ["Double", "serving"]
