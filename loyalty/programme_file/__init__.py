"""Checking a programme file: from a parsed tree with line numbers to a programme, or to messages that say what to mend."""
