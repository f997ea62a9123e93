"""Is it more than chance? Flags, trends and the statistics they rest on."""
