"""The blueprint the rooms of views add to."""

from flask import Blueprint

bp = Blueprint("events", __name__)
