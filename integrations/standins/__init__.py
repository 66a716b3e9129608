"""Stand-ins for the outside world: real protocols, nothing that leaves this machine."""
