"""What figures and records said before."""
