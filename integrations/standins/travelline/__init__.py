"""A stand-in for TravelLine: the documented contract over real HTTP, two invented houses, and faults to order."""
