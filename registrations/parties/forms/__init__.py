"""Forms of parties: the group, and a substitute."""
