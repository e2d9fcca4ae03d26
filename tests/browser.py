"""A small driver of headless Chromium over the DevTools protocol, for tests and pictures of the chat page.

It starts Debian's `chromium` with a fresh profile, opens pages, taps, types, waits and looks. It knows
nothing of chats, and it ends only the process that it started.
"""

import asyncio
import base64
import contextlib
import itertools
import json
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Self

import aiohttp

START_TIMEOUT_S = 20.0
CALL_TIMEOUT_S = 15.0
END_TIMEOUT_S = 5.0
MESSAGE_LIMIT_BYTES = 64 * 1024 * 1024  # a screenshot comes as one message
SWITCHES = """--headless=new --no-sandbox --disable-gpu --no-first-run --disable-background-networking
    --disable-component-update --disable-sync --disable-dev-shm-usage --remote-debugging-port=0"""
CODES = {"Enter": 13, "Escape": 27, "Tab": 9, " ": 32, "Home": 36, "End": 35}
CODES |= {"ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40}
TEXTS = {"Enter": "\r", " ": " "}
SHIFT = 8
JSON = dict[str, Any]


class BrowserError(Exception):
    """The browser refused a command, or the page threw."""


def chromium_path() -> str | None:
    """Find the browser, or say None where there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


class Connection:
    """One socket to a browser; commands are numbered, and events are handed to the page they came from."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.numbers = itertools.count(1)
        self.waiting: dict[int, asyncio.Future[JSON]] = {}
        self.pages: dict[str, Page] = {}
        self.reader = asyncio.create_task(self._read())

    async def call(self, method: str, session: str | None = None, **parameters: Any) -> JSON:
        """Send a command and return its result."""
        number = next(self.numbers)
        future: asyncio.Future[JSON] = asyncio.get_running_loop().create_future()
        self.waiting[number] = future
        message: JSON = {"id": number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        await self.socket.send_json(message)
        try:
            answer = await asyncio.wait_for(future, CALL_TIMEOUT_S)
        finally:
            self.waiting.pop(number, None)
        if "error" in answer:
            raise BrowserError(f"{method}: {answer['error'].get('message')}")
        result: JSON = answer.get("result", {})
        return result

    async def _read(self) -> None:
        async for message in self.socket:
            if message.type is not aiohttp.WSMsgType.TEXT:
                continue
            value: JSON = json.loads(message.data)
            future = self.waiting.get(value.get("id", 0))
            if future is not None and not future.done():
                future.set_result(value)
            elif page := self.pages.get(value.get("sessionId", "")):
                page.take_event(value["method"], value.get("params", {}))
        for future in self.waiting.values():
            if not future.done():
                future.set_exception(BrowserError("The browser has gone."))

    async def close(self) -> None:
        """Hang up."""
        await self.socket.close()
        await self.reader


class Page:
    """One tab. Exceptions, errors in its console and loads that failed are gathered in `troubles`."""

    def __init__(self, connection: Connection, context: str, session: str) -> None:
        self.connection = connection
        self.context = context
        self.session = session
        self.troubles: list[str] = []
        self.requests: list[str] = []

    async def call(self, method: str, **parameters: Any) -> JSON:
        """Send a command to this tab."""
        return await self.connection.call(method, self.session, **parameters)

    def take_event(self, method: str, parameters: JSON) -> None:
        """Note what a test will want to know later."""
        if method == "Runtime.exceptionThrown":
            details = parameters["exceptionDetails"]
            self.troubles.append(str(details.get("exception", {}).get("description") or details.get("text")))
        elif method == "Log.entryAdded" and parameters["entry"]["level"] == "error":
            self.troubles.append(f"{parameters['entry']['text']} {parameters['entry'].get('url', '')}")
        elif method == "Network.requestWillBeSent":
            self.requests.append(str(parameters["request"]["url"]))

    async def go(self, url: str) -> None:
        """Open an address and wait until the document has loaded."""
        await self.call("Page.navigate", url=url)
        await self.wait_for("document.readyState === 'complete' && location.href !== 'about:blank'")

    async def set_viewport(self, width: int, height: int, scale: float = 2, *, mobile: bool = True) -> None:
        """Give the tab a window of this size in CSS pixels."""
        await self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=scale,
            mobile=mobile,
        )

    async def set_media(self, **features: str) -> None:
        """Emulate media features: `prefers_color_scheme="dark"`."""
        pairs = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        await self.call("Emulation.setEmulatedMedia", features=pairs)

    async def evaluate(self, expression: str) -> Any:
        """Evaluate JavaScript, awaiting a promise, and return its value as JSON gives it."""
        result = await self.call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True, userGesture=True
        )
        if "exceptionDetails" in result:
            details = result["exceptionDetails"]
            raise BrowserError(str(details.get("exception", {}).get("description") or details.get("text")))
        return result["result"].get("value")

    async def wait_for(self, expression: str, timeout_s: float = 5.0) -> Any:
        """Wait until an expression is truthy and return its value; the page looks again every 20 ms."""
        loop = f"""(async () => {{
            const end = performance.now() + {timeout_s * 1000};
            let trouble = null;
            for (;;) {{
                const value = await (async () => ({expression}))().catch((error) => void (trouble = error));
                if (value) return {{ value: value instanceof Node ? true : value }};
                if (performance.now() > end) return {{ trouble: trouble && String(trouble) }};
                await new Promise((done) => setTimeout(done, 20));
            }}
        }})()"""
        outcome = await self.evaluate(loop)
        if "value" not in outcome:
            raise BrowserError(f"Not within {timeout_s} s: {expression} ({outcome['trouble']})")
        return outcome["value"]

    async def click(self, selector: str) -> None:
        """Scroll an element into view and, once it stands still uncovered, press it in its middle as a finger would."""
        where = await self.wait_for(f"""(async () => {{
            const found = document.querySelector({json.dumps(selector)});
            if (!found || found.disabled || !found.checkVisibility()) return null;
            found.scrollIntoView({{ block: "nearest", inline: "nearest" }});
            const before = found.getBoundingClientRect();
            await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
            const box = found.getBoundingClientRect();
            if (box.x !== before.x || box.y !== before.y) return null;
            const where = {{ x: box.x + box.width / 2, y: box.y + box.height / 2 }};
            return found.contains(document.elementFromPoint(where.x, where.y)) ? where : null;
        }})()""")
        for kind in ("mousePressed", "mouseReleased"):
            await self.call("Input.dispatchMouseEvent", type=kind, button="left", clickCount=1, **where)

    async def type(self, text: str) -> None:
        """Type into what has the focus."""
        await self.call("Input.insertText", text=text)

    async def press(self, key: str, *, shift: bool = False) -> None:
        """Press and release a key of `CODES`."""
        code = "Space" if key == " " else key
        about: JSON = {"key": key, "code": code, "windowsVirtualKeyCode": CODES[key]}
        about["modifiers"] = SHIFT if shift else 0
        down: JSON = {"type": "keyDown", "text": TEXTS[key]} if key in TEXTS else {"type": "rawKeyDown"}
        await self.call("Input.dispatchKeyEvent", **down, **about)
        await self.call("Input.dispatchKeyEvent", type="keyUp", **about)

    async def set_files(self, selector: str, *paths: Path) -> None:
        """Choose files in an <input type=file>."""
        document = await self.call("DOM.getDocument")
        node = await self.call("DOM.querySelector", nodeId=document["root"]["nodeId"], selector=selector)
        await self.call("DOM.setFileInputFiles", nodeId=node["nodeId"], files=[str(path) for path in paths])

    async def save_downloads(self, folder: Path) -> None:
        """Let this tab's downloads land in a folder, under their own names."""
        await self.connection.call(
            "Browser.setDownloadBehavior",
            behavior="allow",
            downloadPath=str(folder),
            browserContextId=self.context,
        )

    async def screenshot(self, path: Path) -> None:
        """Save what the window shows as a PNG."""
        picture = await self.call("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(picture["data"]))

    async def accessibility_tree(self) -> list[JSON]:
        """Return the nodes that a screen reader meets: role, name, and properties by name."""
        tree = await self.call("Accessibility.getFullAXTree")
        return [_plain(node) for node in tree["nodes"] if not node.get("ignored")]

    async def close(self) -> None:
        """Close the tab and forget what it stored."""
        self.connection.pages.pop(self.session, None)
        await self.connection.call("Target.disposeBrowserContext", browserContextId=self.context)


def _plain(node: JSON) -> JSON:
    properties = {one["name"]: one["value"].get("value") for one in node.get("properties", [])}
    return {
        "role": node.get("role", {}).get("value", ""),
        "name": node.get("name", {}).get("value", ""),
        "properties": properties,
    }


class Browser:
    """A running browser; `async with Browser.launch() as browser:` starts and ends it."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @classmethod
    @contextlib.asynccontextmanager
    async def launch(cls) -> AsyncIterator[Self]:
        """Start a browser with a profile of its own and end both afterwards."""
        path = chromium_path()
        if path is None:
            raise BrowserError("There is no chromium here: apt-get install chromium")
        with tempfile.TemporaryDirectory(prefix="browser-", ignore_cleanup_errors=True) as profile:
            process = await asyncio.create_subprocess_exec(
                path,
                *SWITCHES.split(),
                f"--user-data-dir={profile}",
                "about:blank",
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
            try:
                address = await _address(Path(profile) / "DevToolsActivePort", process)
                async with (
                    aiohttp.ClientSession() as client,
                    client.ws_connect(address, max_msg_size=MESSAGE_LIMIT_BYTES) as socket,
                ):
                    connection = Connection(socket)
                    yield cls(connection)
                    with contextlib.suppress(BrowserError, TimeoutError, ConnectionError):
                        await connection.call("Browser.close")
                    await connection.close()
            finally:
                await _end(process)

    async def open(self, url: str = "about:blank") -> Page:
        """Open a tab in a context of its own (no storage shared with other tabs) and go to an address."""
        call = self.connection.call
        context = (await call("Target.createBrowserContext"))["browserContextId"]
        target = (await call("Target.createTarget", url="about:blank", browserContextId=context))["targetId"]
        session = (await call("Target.attachToTarget", targetId=target, flatten=True))["sessionId"]
        page = Page(self.connection, context, session)
        self.connection.pages[page.session] = page
        for domain in ("Page", "Runtime", "Log", "Network", "Accessibility"):
            await page.call(f"{domain}.enable")
        await page.set_viewport(390, 844)
        if url != "about:blank":
            await page.go(url)
        return page


async def _address(port_file: Path, process: asyncio.subprocess.Process) -> str:
    """Wait for the browser to write down where it listens."""
    for _ in range(int(START_TIMEOUT_S / 0.05)):
        if process.returncode is not None:
            raise BrowserError(f"The browser ended with {process.returncode} before it was ready.")
        lines = port_file.read_text().split("\n") if port_file.exists() else []
        if len(lines) >= 2:
            return f"ws://127.0.0.1:{lines[0]}{lines[1]}"
        await asyncio.sleep(0.05)
    raise BrowserError(f"The browser was not ready within {START_TIMEOUT_S} s.")


async def _end(process: asyncio.subprocess.Process) -> None:
    for stop in (None, process.terminate, process.kill):
        if process.returncode is not None:
            return
        if stop is not None:
            stop()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), END_TIMEOUT_S)
