"""Questions about organisations and invitations that have a name."""
