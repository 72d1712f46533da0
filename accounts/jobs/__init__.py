"""The pages of long work: how far it has come, what came of it. The work itself: `core/jobs`."""
