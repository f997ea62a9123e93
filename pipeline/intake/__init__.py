"""How records get in and out: bundles, presets for other systems, checks, writing, undo and export."""
