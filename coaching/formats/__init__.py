"""Formats of dates and numbers where Django's own leave room for doubt."""
