"""Who works here: authorities, users, roles, sign-in, audit log."""
