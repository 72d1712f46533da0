"""Attachments: files that belong to an event, to a line of its programme, or are slides."""
