"""A file as an answer: to be saved and never to be opened on our pages."""

from flask import Response, request

from core import files
from core.web import disposition
from events.attachments.models import Attachment
from events.attachments.rules import MIMETYPES

SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"


def answer(attachment: Attachment, *, everybody: bool) -> Response:
    """The file; 304 where the asker has it. Only what `everybody` may have is kept by others."""
    headers = {
        "Content-Type": MIMETYPES[attachment.kind],
        "Content-Disposition": disposition(attachment.name),
        "Content-Security-Policy": SANDBOX,
        "ETag": f'"{attachment.key[3:]}"',
        "Cache-Control": "public, no-cache" if everybody else "private, no-store",
    }
    if request.if_none_match.contains_weak(attachment.key[3:]):
        return Response(status=304, headers=headers)
    size = {"Content-Length": str(attachment.size)}
    if request.method == "HEAD":
        return Response(headers=headers | size)
    return Response(files.storage().get(attachment.key), headers=headers | size)
