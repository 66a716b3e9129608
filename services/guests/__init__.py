"""Guest lists of partners: who of them is a member shows when a contact is proved, and nothing is assumed before."""
