"""Calls and meetings scored by a team's rubric."""
