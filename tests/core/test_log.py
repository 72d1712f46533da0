"""The log says what went wrong, not what people had written."""

import logging

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from core.db import db, write

WRITTEN = {"name": "Åsa Öberg"}


def test_a_database_error_in_the_log_holds_no_values(app, caplog):
    def wrong():
        db.session.execute(sa.text("INSERT INTO nowhere VALUES (:name)"), WRITTEN)

    with pytest.raises(DBAPIError) as caught:
        write(wrong)
    with caplog.at_level(logging.ERROR):
        logging.getLogger("test").error("unhandled", exc_info=caught.value)
    assert "nowhere" in caplog.text
    assert "Öberg" not in caplog.text
    assert "Öberg" not in str(caught.value)
