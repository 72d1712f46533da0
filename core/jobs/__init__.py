"""Long work is a row first: it shows how far it has come, and survives a restart."""
