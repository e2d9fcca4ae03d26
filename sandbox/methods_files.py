"""The methods that send photos and documents and hand out files."""

from sandbox.content import BUSINESS, CAPTION, SENDING, caption_content, open_chat, place
from sandbox.errors import ApiError, bad_request
from sandbox.files import UPLOAD_LIMIT_BYTES, StoredFile
from sandbox.models import Json
from sandbox.parameters import BOOLEAN, CHAT, FILE, STRING, Upload, Values, method
from sandbox.world import World


@method(
    "sendPhoto",
    {"chat_id": CHAT, "photo": FILE},
    {**BUSINESS, **CAPTION, **SENDING, "show_caption_above_media": BOOLEAN, "has_spoiler": BOOLEAN},
    sends=True,
)
def send_photo(world: World, values: Values) -> Json:
    """Send a picture, uploaded or known by its `file_id`."""
    content = caption_content(values)
    chat = open_chat(world, values["chat_id"])
    file = _file(world, values["photo"], photo=True)
    if file.size is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    content["photo"] = file.photo()
    return place(world, chat, content, values).raw


@method(
    "sendDocument",
    {"chat_id": CHAT, "document": FILE},
    {**BUSINESS, **CAPTION, **SENDING, "thumbnail": FILE, "disable_content_type_detection": BOOLEAN},
    sends=True,
)
def send_document(world: World, values: Values) -> Json:
    """Send a file, uploaded or known by its `file_id`."""
    content = caption_content(values)
    chat = open_chat(world, values["chat_id"])
    content["document"] = _file(world, values["document"], photo=False).document()
    return place(world, chat, content, values).raw


@method("getFile", {"file_id": STRING})
def get_file(world: World, values: Values) -> Json:
    """Give a link to a file for an hour."""
    return world.files.link(values["file_id"])


def _file(world: World, given: Upload | str, *, photo: bool) -> StoredFile:
    if isinstance(given, str):
        # The sandbox fetches nothing from the network, so an address is as wrong as an unknown id.
        file = world.files.by_id(given)
        if file is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return file
    if len(given.data) > UPLOAD_LIMIT_BYTES:
        raise ApiError(413, "Request Entity Too Large")
    if photo:
        return world.files.add_photo(given.name, given.data)
    return world.files.add_document(given.name, given.data)
