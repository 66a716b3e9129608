"""The staff: entering the panel, people and their rights, and the log."""
