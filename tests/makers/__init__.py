"""Ways to make what a test needs, with every value the test depends on given by name."""
