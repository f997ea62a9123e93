"""The evidence behind a number: rows, file, peers."""
