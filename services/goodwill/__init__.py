"""Points that the staff gives or takes by hand: with a reason, within the programme's bounds, above some by two people."""
