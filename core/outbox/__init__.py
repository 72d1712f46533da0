"""Mail is a row first: written in the transaction it tells of, sent afterwards."""
