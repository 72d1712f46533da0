"""The limits of an event: seats kept for a sector, seats for one organisation, who is let in."""
