"""The sandbox as a process of its own: it says where it listens and ends when told."""

import asyncio
import signal
import sys
from pathlib import Path

import aiohttp

ROOT = Path(__file__).parents[2]


async def start(*arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "sandbox", *arguments),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def test_it_says_where_it_listens_and_ends_when_told() -> None:
    process = await start("--token", "5:abc", "--username", "other_bot", "--name", "Other")
    try:
        assert process.stdout is not None
        word, url = (await asyncio.wait_for(process.stdout.readline(), 30)).decode().split()
        assert word == "READY"
        async with aiohttp.ClientSession() as session:
            async with session.get(f"{url}/bot5:abc/getMe") as response:
                me = (await response.json())["result"]
            async with session.get(f"{url}/") as response:
                assert response.status == 404
            poll = asyncio.create_task(session.get(f"{url}/bot5:abc/getUpdates", params={"timeout": "50"}))
            await asyncio.sleep(0.1)
            process.send_signal(signal.SIGTERM)
            await asyncio.gather(poll, return_exceptions=True)
        assert (me["id"], me["username"], me["first_name"]) == (5, "other_bot", "Other")
        _, trouble = await asyncio.wait_for(process.communicate(), 30)
        assert (process.returncode, trouble.decode()) == (0, "")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_a_port_in_use_is_said_plainly() -> None:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    process = await start("--port", str(port))
    _, trouble = await asyncio.wait_for(process.communicate(), 30)
    server.close()
    await server.wait_closed()
    assert process.returncode == 1
    assert trouble.decode().startswith(f"The sandbox cannot listen on port {port}: ")
    assert "Traceback" not in trouble.decode()
