"""Did it work, and what would it take."""
