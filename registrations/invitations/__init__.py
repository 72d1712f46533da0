"""Who is asked to a sakråd and why, what they answer, and the public register of it (D-04–D-08)."""
