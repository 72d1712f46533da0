"""What takes place: assignments, events, programme, speakers, publishing, calendar."""
