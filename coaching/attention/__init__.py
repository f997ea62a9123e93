"""Whom to coach on what, and on which deals, while there is still time."""
