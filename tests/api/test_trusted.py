"""An open page goes on asking what it was built to ask, also after the server became a newer one."""

import os
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from api.trusted import with_earlier


def built(*texts: str) -> dict[str, str]:
    return {sha256(text.encode()).hexdigest(): text for text in texts}


def test_the_documents_of_earlier_builds_stay_known(tmp_path: Path, now: datetime) -> None:
    folder = tmp_path / "documents"
    first, second = built("{ me { id } }", "{ till { id } }"), built("{ me { number } }", "{ till { id } }")
    assert with_earlier(first, folder, now) == first
    assert with_earlier(second, folder, now + timedelta(days=10)) == first | second
    assert folder.stat().st_mode & 0o777 == 0o700
    # Ninety days after the last build that had it, a document is forgotten.
    assert with_earlier(second, folder, now + timedelta(days=91)) == second
    assert {file.name for file in folder.iterdir()} == set(second)


def test_a_changed_file_is_no_document(tmp_path: Path, now: datetime) -> None:
    (digest,) = first = built("{ me { id } }")
    with_earlier(first, tmp_path, now)
    (tmp_path / digest).write_text("{ me { email } }")
    (tmp_path / "notes.txt").write_text("somebody else's")
    for file in tmp_path.iterdir():
        os.utime(file, (now.timestamp(), now.timestamp()))
    assert with_earlier({}, tmp_path, now) == {}


def test_a_folder_that_cannot_be_written_stops_nobody(tmp_path: Path, now: datetime) -> None:
    (tmp_path / "documents").write_text("a file in its place")
    documents = built("{ me { id } }")
    assert with_earlier(documents, tmp_path / "documents", now) == documents
