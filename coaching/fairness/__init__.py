"""What keeps measuring fair: contested rows, who looked, what was known when."""
