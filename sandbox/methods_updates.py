"""The methods by which the bot gets its updates: polling, webhook, and leaving."""

from typing import Any

from sandbox.errors import conflict
from sandbox.models import Json
from sandbox.parameters import ARRAY, BOOLEAN, INTEGER, STRING, UPLOAD, Values, method
from sandbox.updates import BATCH_LIMIT, Pending
from sandbox.webhook import check_webhook
from sandbox.world import World

WEBHOOK_IS_SET = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


@method(
    "getUpdates", optional={"offset": INTEGER, "limit": INTEGER, "timeout": INTEGER, "allowed_updates": ARRAY}
)
async def get_updates(world: World, values: Values) -> list[Pending]:
    """Confirm what lies before the offset and return the next updates, waiting for one."""
    if world.webhook.url:
        raise conflict(WEBHOOK_IS_SET)
    _remember_allowed(world, values)
    limit = values.get("limit", BATCH_LIMIT)
    if not 1 <= limit <= BATCH_LIMIT:
        limit = BATCH_LIMIT
    offset = values.get("offset", 0)
    world.updates.confirm(offset)
    world.feed.wake(None)
    return await world.updates.poll(offset, limit, max(values.get("timeout", 0), 0))


@method(
    "setWebhook",
    {"url": STRING},
    {
        "certificate": UPLOAD,
        "ip_address": STRING,
        "max_connections": INTEGER,
        "allowed_updates": ARRAY,
        "drop_pending_updates": BOOLEAN,
        "secret_token": STRING,
    },
)
def set_webhook(world: World, values: Values) -> bool:
    """Have updates delivered to an address; an empty one ends it."""
    if not values["url"]:
        _end_webhook(world, values)
        return True
    hook = check_webhook(values["url"], values.get("secret_token", ""), values.get("max_connections"))
    _remember_allowed(world, values)
    if values.get("drop_pending_updates"):
        world.webhook.drop()
        world.updates.drain()
    world.updates.end_poll("terminated by setWebhook request")
    world.webhook.set(hook)
    return True


@method("deleteWebhook", optional={"drop_pending_updates": BOOLEAN})
def delete_webhook(world: World, values: Values) -> bool:
    """Go back to polling; what was not delivered waits there."""
    _end_webhook(world, values)
    return True


@method("getWebhookInfo")
def get_webhook_info(world: World, values: Values) -> Json:
    """Tell how delivery goes."""
    info = world.webhook.info()
    info["pending_update_count"] += len(world.updates)
    if world.updates.allowed is not None:
        info["allowed_updates"] = sorted(world.updates.allowed)
    return info


@method("close")
def close(world: World, values: Values) -> bool:
    """Let go of the bot before it moves to another server; here it changes nothing."""
    return True


@method("logOut")
def log_out(world: World, values: Values) -> bool:
    """Log out from the cloud before running a local server; here it changes nothing."""
    return True


def _end_webhook(world: World, values: Values) -> None:
    world.webhook.clear()
    if values.get("drop_pending_updates"):
        world.updates.drain()


def _remember_allowed(world: World, values: Values) -> None:
    given: list[Any] | None = values.get("allowed_updates")
    if given is not None:
        names = frozenset(name for name in given if isinstance(name, str))
        world.updates.allowed = names or None
