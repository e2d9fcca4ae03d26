"""Stored files: uploads of the bot and of people, their ids, their links, a picture's size. No HTTP."""

import mimetypes
import secrets
import struct
from dataclasses import dataclass

from sandbox.clock import Clock
from sandbox.errors import bad_request
from sandbox.models import Json

UPLOAD_LIMIT_BYTES = 50 * 1024 * 1024
PHOTO_LIMIT_BYTES = 10 * 1024 * 1024
DOWNLOAD_LIMIT_BYTES = 20 * 1024 * 1024
ALL_FILES_LIMIT_BYTES = 512 * 1024 * 1024
LINK_LIFETIME_MS = 3600 * 1000
PHOTO_SIDES_LIMIT = 10_000
PHOTO_RATIO_LIMIT = 20


@dataclass(slots=True)
class StoredFile:
    """Hold one file: its bytes, what it is called, and for a picture its width and height in pixels."""

    file_id: str
    unique_id: str
    path: str
    name: str
    mime_type: str
    data: bytes
    size: tuple[int, int] | None = None
    link_expires_ms: int = 0

    def identity(self) -> Json:
        """Return the fields that every kind of file has."""
        return {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": len(self.data)}

    def document(self) -> Json:
        """Return Telegram's `Document`."""
        return {
            "file_name": self.name,
            "mime_type": self.mime_type,
            **self.identity(),
        }

    def photo(self) -> list[Json]:
        """Return Telegram's list of `PhotoSize`, of the one size there is."""
        width, height = self.size or (0, 0)
        return [{**self.identity(), "width": width, "height": height}]


class Files:
    """Keep files in memory, up to a limit beyond which the oldest are forgotten."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}
        self._bytes = 0
        self._count = 0

    def add_document(self, name: str, data: bytes) -> StoredFile:
        """Store any file."""
        mime_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return self.add("documents", name, mime_type, data)

    def add_photo(self, name: str, data: bytes) -> StoredFile:
        """Store a picture, held to Telegram's limits for photos."""
        if len(data) > PHOTO_LIMIT_BYTES:
            raise bad_request("file is too big for a photo")
        size = picture_size(data)
        if size is None:
            raise bad_request("IMAGE_PROCESS_FAILED")
        if sum(size) > PHOTO_SIDES_LIMIT or max(size) > PHOTO_RATIO_LIMIT * min(size):
            raise bad_request("PHOTO_INVALID_DIMENSIONS")
        return self.add("photos", name, mimetypes.guess_type(name)[0] or "image/jpeg", data, size)

    def by_id(self, file_id: str) -> StoredFile | None:
        """Return the file with this id."""
        return self._by_id.get(file_id)

    def link(self, file_id: str) -> Json:
        """Return Telegram's `File`, whose path can be downloaded for an hour."""
        file = self._by_id.get(file_id)
        if file is None:
            raise bad_request("invalid file_id")
        if len(file.data) > DOWNLOAD_LIMIT_BYTES:
            raise bad_request("file is too big")
        file.link_expires_ms = self._clock.now_ms() + LINK_LIFETIME_MS
        return {**file.identity(), "file_path": file.path}

    def by_path(self, path: str) -> StoredFile | None:
        """Return the file behind a link that has not expired."""
        file = self._by_path.get(path)
        return file if file is not None and file.link_expires_ms > self._clock.now_ms() else None

    def add(
        self, folder: str, name: str, mime_type: str, data: bytes, size: tuple[int, int] | None = None
    ) -> StoredFile:
        """Store a file of a known type below a folder of Telegram's."""
        if not data:
            raise bad_request("file must be non-empty")
        self._count += 1
        suffix = name.rpartition(".")[2] if "." in name else "bin"
        path = f"{folder}/file_{self._count}.{suffix if suffix.isalnum() else 'bin'}"
        file_id = "AgAC" + secrets.token_urlsafe(48)
        file = StoredFile(file_id, "AQAD" + secrets.token_urlsafe(8), path, name, mime_type, data, size)
        self._by_id[file.file_id] = self._by_path[path] = file
        self._bytes += len(data)
        while self._bytes > ALL_FILES_LIMIT_BYTES and len(self._by_id) > 1:
            oldest = self._by_id.pop(next(iter(self._by_id)))
            del self._by_path[oldest.path]
            self._bytes -= len(oldest.data)
        return file


def picture_size(data: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels of a PNG, GIF or JPEG; None for anything else."""
    if data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return _positive(width, height)
    if data[:6] in (b"GIF87a", b"GIF89a") and len(data) >= 10:
        width, height = struct.unpack("<HH", data[6:10])
        return _positive(width, height)
    return _jpeg_size(data) if data[:2] == b"\xff\xd8" else None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return _positive(width, height)
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None


def _positive(width: int, height: int) -> tuple[int, int] | None:
    return (width, height) if width > 0 and height > 0 else None
