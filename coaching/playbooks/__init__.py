"""How a team sells: its playbook, focus and thresholds, and what another would change."""
