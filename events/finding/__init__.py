"""Public finding: what is public is indexed in the transaction that makes it so, and searched."""
