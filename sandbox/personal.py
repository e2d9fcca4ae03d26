"""What a person's app sends: texts cut as Telegram's apps cut them, stickers, voice messages, pictures. No chat."""

import struct
import zlib

from sandbox.entities import ENTITIES_LIMIT, detect_entities, length_utf16
from sandbox.errors import SandboxError
from sandbox.files import UPLOAD_LIMIT_BYTES, Files
from sandbox.models import Json

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
MESSAGES_OF_A_TEXT_LIMIT = 100
STICKER_SIDE = 512
VOICE_SECONDS_LIMIT = 3600
VOICE_BYTES_PER_SECOND = 4_000
# A WebP picture of one transparent pixel, and the first bytes of any Ogg file.
STICKER = (
    b"RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"
)
VOICE_HEAD = b"OggS\x00\x02"


def texts(text: str) -> list[Json]:
    """Return what an app sends for a text that a person typed: one content a message, each within the limit."""
    rest = text.strip()
    if not rest:
        raise SandboxError("a message has at least 1 character")
    contents: list[Json] = []
    while rest:
        end = _end_of_part(rest)
        contents.append(one_text(rest[:end]))
        rest = rest[end:].lstrip()
        if len(contents) == MESSAGES_OF_A_TEXT_LIMIT and rest:
            raise SandboxError(f"a text makes at most {MESSAGES_OF_A_TEXT_LIMIT} messages here")
    return contents


def one_text(text: str) -> Json:
    """Return the content of one text message; SandboxError where it is empty or too long."""
    text = text.strip()
    if not 1 <= length_utf16(text) <= TEXT_LIMIT:
        raise SandboxError(f"a message has 1-{TEXT_LIMIT} characters")
    entities = detect_entities(text)[:ENTITIES_LIMIT]
    return {"text": text, "entities": entities} if entities else {"text": text}


def _end_of_part(text: str) -> int:
    """Return where to cut: at a line's end or between words in the later half, else where the limit falls."""
    end = min(len(text), TEXT_LIMIT)
    while length_utf16(text[:end]) > TEXT_LIMIT:
        end -= max(1, (length_utf16(text[:end]) - TEXT_LIMIT) // 2)
    if end == len(text):
        return end
    for mark in ("\n", " "):
        at = text.rfind(mark, end // 2, end + 1)
        if at > 0:
            return at
    return end


def sticker(files: Files, emoji: str) -> Json:
    """Return the content of a sticker."""
    if not emoji:
        raise SandboxError("a sticker stands for an emoji")
    file = files.add("stickers", "sticker.webp", "image/webp", STICKER)
    size: Json = {"width": STICKER_SIDE, "height": STICKER_SIDE, "is_animated": False, "is_video": False}
    return {"sticker": {**size, "type": "regular", "emoji": emoji, "set_name": "Sandbox", **file.identity()}}


def voice(files: Files, seconds: int) -> Json:
    """Return the content of a voice message of so many seconds; it has a length and no sound."""
    if not 1 <= seconds <= VOICE_SECONDS_LIMIT:
        raise SandboxError(f"a voice message has 1-{VOICE_SECONDS_LIMIT} seconds")
    data = VOICE_HEAD.ljust(seconds * VOICE_BYTES_PER_SECOND, b"\0")
    file = files.add("voice", "voice.oga", "audio/ogg", data)
    return {"voice": {"duration": seconds, "mime_type": "audio/ogg", **file.identity()}}


def upload(files: Files, name: str, data: bytes, caption: str, *, photo: bool) -> Json:
    """Return the content of a file, or of a picture sent as a photo."""
    # Telegram lets people send 2 GB; here files live in memory.
    if len(data) > UPLOAD_LIMIT_BYTES:
        raise SandboxError(f"a file has at most {UPLOAD_LIMIT_BYTES} bytes here")
    if photo:
        content: Json = {"photo": files.add_photo(name, data).photo()}
    else:
        content = {"document": files.add_document(name, data).document()}
    return content | words_below(caption)


def words_below(caption: str) -> Json:
    """Return the caption of a photo or a file, or nothing."""
    if length_utf16(caption) > CAPTION_LIMIT:
        raise SandboxError(f"a caption has at most {CAPTION_LIMIT} characters")
    if not caption:
        return {}
    entities = detect_entities(caption)[:ENTITIES_LIMIT]
    return {"caption": caption, "caption_entities": entities} if entities else {"caption": caption}


def picture(width: int = 320, height: int = 200) -> bytes:
    """Return a PNG, light in the middle, for whoever needs just any picture."""
    shades = [
        bytes(230 - 90 * abs(2 * x - width) // width - shade for x in range(width)) for shade in range(51)
    ]
    rows = b"".join(b"\0" + shades[50 * abs(2 * y - height) // height] for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
