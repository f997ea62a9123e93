"""Deals: their checks and signs, what asks for work, and their pages."""
