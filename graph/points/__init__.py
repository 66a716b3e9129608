"""Points: the rules, the balance, what moved it, and the guest's yes to a large spending."""
