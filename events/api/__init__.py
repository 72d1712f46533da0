"""What other programs read: JSON of everything public, described by /api/v1/openapi.json."""
