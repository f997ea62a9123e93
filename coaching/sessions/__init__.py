"""Coaching sessions: planned, answered, held, and what was agreed."""
