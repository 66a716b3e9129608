"""How every outside system is: what became of its calls, what waits for it, and what somebody should do."""
