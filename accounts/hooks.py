"""What accounts tell the packages above them. Each is called inside the write transaction.

mail_corrected(session, mail, to, by, now): a mail that failed is sent again, to the address `to`.
"""

from core.hooks import Hook

mail_corrected = Hook()
