"""Mail to participants: written once, sent once to each; and reminders that go by themselves."""
