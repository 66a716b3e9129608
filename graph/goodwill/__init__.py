"""Points that the staff gives or takes by hand."""
