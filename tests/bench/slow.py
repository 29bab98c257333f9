"""Slow strangers, a process of its own: heads without a signature, then a byte each five seconds.

Who is cut off comes again when the next byte would be due.
"""

import asyncio
import contextlib
import sys

EVERY = 5.0
"""Seconds between two bytes; all have come by then."""


async def stranger(port: int, path: str, delay: float) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: kakari\r\nContent-Length: 1000\r\n\r\n".encode()
    loop = asyncio.get_running_loop()
    await asyncio.sleep(delay)
    while True:
        with contextlib.suppress(ConnectionError):
            transport, _ = await loop.create_connection(asyncio.Protocol, "127.0.0.1", port)
            transport.write(head)
            while not transport.is_closing():
                transport.write(b"x")
                await asyncio.sleep(EVERY)


async def main(port: int, path: str, count: int) -> None:
    """Keep so many of them going until the process is ended."""
    async with asyncio.TaskGroup() as strangers:
        for number in range(count):
            strangers.create_task(stranger(port, path, EVERY * number / count))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
