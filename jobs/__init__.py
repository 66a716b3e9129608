"""Work after the commit: leased from the table of jobs, done at least once, given up in the open."""
