"""The rules of a loyalty programme: pure functions over frozen values, standard library only."""
