"""Speed, measured against what the machine could do at best: figures with their limits, targets and verdicts."""
