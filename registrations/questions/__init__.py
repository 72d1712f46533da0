"""An event's own questions in the registration form, and what people answer."""
