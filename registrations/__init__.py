"""Who is asked and who comes: organisations, invitations, registrations, check-in, lists."""
