"""EmailHub: a shared team inbox. ARCHITECTURE.md shows the way through the house."""
