"""Start a sandbox as a process of its own: `python -m sandbox --port 8081 --page`."""

import argparse
import asyncio
import signal
import sys

from sandbox.server import DEFAULT_TOKEN, Sandbox


def main() -> None:
    """Serve until told to end; the first line printed says where."""
    parser = argparse.ArgumentParser(
        prog="python -m sandbox", description="A stand-in of Telegram for one bot."
    )
    parser.add_argument("--port", type=int, default=0, help="the port on 127.0.0.1 (a free one by default)")
    parser.add_argument("--token", default=DEFAULT_TOKEN, help="the bot's token")
    parser.add_argument("--username", default="veritap_bot", help="the bot's username")
    parser.add_argument("--name", default="Veritap", help="the bot's name")
    parser.add_argument("--page", action="store_true", help="serve the chat page at / as well")
    arguments = parser.parse_args()
    sandbox = Sandbox(arguments.token, arguments.username, arguments.name, with_page=arguments.page)
    asyncio.run(_serve(sandbox, arguments.port))


async def _serve(sandbox: Sandbox, port: int) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    try:
        await sandbox.start(port)
    except OSError as trouble:
        sys.exit(f"The sandbox cannot listen on port {port}: {trouble.strerror or trouble}")
    print(f"READY {sandbox.url}", flush=True)
    try:
        await ended.wait()
    finally:
        await sandbox.stop()


if __name__ == "__main__":
    main()
