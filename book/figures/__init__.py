"""Drawing: one style, live figures, and one module a chapter. Nothing here computes a result."""
