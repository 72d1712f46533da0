"""The blueprint both rooms add their views to."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)
