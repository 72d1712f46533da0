"""The calendar of somebody who works here: the events of their authorities, drafts too."""
