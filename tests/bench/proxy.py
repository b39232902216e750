"""A proxy on the loopback that delays and counts: what stands between a client and the emulator.

usage: proxy.py PORT_OF_THE_EMULATOR LATENCY_MS

Prints its own port. `GET /calls` answers how often each operation was asked for, and forgets it.
"""

import asyncio
import collections
import json
import re
import sys
import urllib.parse

SCOPE = re.compile(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/aws4_request")
HOP_BY_HOP = ("connection", "content-length", "expect", "transfer-encoding")


async def head_of(reader):
    text = (await reader.readuntil(b"\r\n\r\n")).decode("latin1")
    first, *lines = text.rstrip("\r\n").split("\r\n")
    return first, [tuple(part.strip() for part in line.split(":", 1)) for line in lines]


async def body_of(reader, fields):
    if "chunked" in fields.get("transfer-encoding", ""):
        body = b""
        while size := int((await reader.readline()).split(b";")[0], 16):
            body += await reader.readexactly(size)
            await reader.readline()
        await reader.readline()
        return body
    return await reader.readexactly(int(fields.get("content-length", 0)))


def operation(first, fields, body):
    method, target, _ = first.split(" ", 2)
    scope = SCOPE.search(fields.get("authorization", ""))
    service = scope.group(1) if scope else "-"
    if "x-amz-target" in fields:
        return service, fields["x-amz-target"].rsplit(".", 1)[-1]
    if fields.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return service, urllib.parse.parse_qs(body.decode()).get("Action", ["?"])[0]
    return service, f"{method} {target.split('?')[0]}"


class Proxy:
    def __init__(self, upstream, latency):
        self.upstream, self.latency = upstream, latency
        self.calls = collections.Counter()

    async def serve(self, reader, writer):
        try:
            while await self.one(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def one(self, reader, writer):
        first, headers = await head_of(reader)
        fields = {name.lower(): value for name, value in headers}
        if "expect" in fields:
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = await body_of(reader, fields)
        if first.startswith("GET /calls "):
            answer = json.dumps(self.calls).encode()
            self.calls.clear()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(answer), answer))
            return True
        self.calls[":".join(operation(first, fields, body))] += 1
        await asyncio.sleep(self.latency)
        writer.write(await self.forward(first, headers, body))
        await writer.drain()
        return True

    async def forward(self, first, headers, body):
        """The emulator closes each connection after its answer: the end of it is the end of the answer."""
        method, target, _ = first.split(" ", 2)
        reader, writer = await asyncio.open_connection("127.0.0.1", self.upstream)
        kept = [f"{name}: {value}" for name, value in headers if name.lower() not in HOP_BY_HOP]
        lines = [f"{method} {target} HTTP/1.0", *kept, f"Content-Length: {len(body)}", "", ""]
        writer.write("\r\n".join(lines).encode("latin1") + body)
        answer = await reader.read()
        writer.close()
        head, _, body = answer.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin1").split("\r\n")
        dropped = HOP_BY_HOP if method != "HEAD" else ("connection", "transfer-encoding")
        lines = [line for line in lines if line.split(":", 1)[0].lower() not in dropped]
        if method != "HEAD":
            lines.append(f"Content-Length: {len(body)}")
        status = first.split(" ", 1)[1]
        return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode("latin1") + body


async def main():
    proxy = Proxy(int(sys.argv[1]), float(sys.argv[2]) / 1000)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0, limit=1 << 26, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
