"""A proxy on the loopback: what stands between a client and the emulators. Delays, counts, keeps a log.

usage: proxy.py PORT_OF_AN_EMULATOR…

Prints its own port. With several emulators EC2 has the first to itself and everything else shares the
others, each service always with the same one: they run beside each other, for either tool alike.

GET /bench/start?latency_ms=30&texts=1   from now on: this latency, an empty log, with or without texts
GET /bench/log                           what was asked since: calls, and the CPU time of this process
"""

import asyncio
import json
import re
import sys
import time
import urllib.parse

SCOPE = re.compile(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/aws4_request")
HOP_BY_HOP = ("connection", "content-length", "expect", "transfer-encoding")


async def head_of(reader):
    text = (await reader.readuntil(b"\r\n\r\n")).decode("latin1")
    first, *lines = text[:-4].split("\r\n")
    pairs = (line.partition(":") for line in lines)
    return first, [(name.strip(), value.strip()) for name, _, value in pairs]


async def body_of(reader, fields):
    if "chunked" in fields.get("transfer-encoding", ""):
        body = b""
        while size := int((await reader.readline()).split(b";")[0], 16):
            body += await reader.readexactly(size)
            await reader.readline()
        await reader.readline()
        return body
    length = int(fields.get("content-length", 0))
    return await reader.readexactly(length) if length else b""


def service_of(fields):
    scope = SCOPE.search(fields.get("authorization", ""))
    return scope.group(1) if scope else "-"


def operation(first, fields, body):
    method, target, _ = first.split(" ", 2)
    if "x-amz-target" in fields:
        return fields["x-amz-target"].rsplit(".", 1)[-1]
    if fields.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return urllib.parse.parse_qs(body.decode()).get("Action", ["?"])[0]
    path, _, query = target.partition("?")
    # S3 says what it is about in the query's first word; the names in the path are no operation.
    deep = "object" if path.strip("/").count("/") else "bucket"
    words = [it for it in query.split("&") if it and not it.startswith("x-id=")]
    return " ".join([method, deep, *sorted(it.split("=")[0] for it in words)[:1]])


class Proxy:
    def __init__(self, upstreams):
        self.upstreams, self.log = upstreams, []
        self.latency, self.texts, self.began = 0.0, False, time.process_time()

    def upstream(self, service):
        if service == "ec2" or len(self.upstreams) == 1:
            return self.upstreams[0]
        others = self.upstreams[1:]
        # The tagging service of one emulator knows the things of that one only: with two, all of them.
        return others[sum(service.encode()) % len(others)]

    async def serve(self, reader, writer):
        try:
            while await self.one(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def command(self, target):
        path, _, query = target.partition("?")
        given = dict(urllib.parse.parse_qsl(query))
        if path == "/bench/start":
            self.latency, self.texts = float(given["latency_ms"]) / 1000, given.get("texts") == "1"
            self.log, self.began = [], time.process_time()
            return {}
        return {"calls": self.log, "cpu": time.process_time() - self.began}

    async def one(self, reader, writer):
        first, headers = await head_of(reader)
        started = time.time()
        fields = {name.lower(): value for name, value in headers}
        if "expect" in fields:
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = await body_of(reader, fields)
        if first.startswith("GET /bench/"):
            answer = json.dumps(self.command(first.split(" ")[1])).encode()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(answer), answer))
            await writer.drain()
            return True
        service = service_of(fields)
        call = {"start": started, "operation": f"{service}:{operation(first, fields, body)}"}
        log, latency, texts = self.log, self.latency, self.texts
        if latency:
            await asyncio.sleep(latency)
        answer = await self.forward(self.upstream(service), first, headers, body)
        writer.write(answer)
        await writer.drain()
        call["end"] = time.time()
        call["status"] = int(answer[9:12])
        if texts:
            call["text"] = f"{first}\n{body.decode('latin1')}\n{answer.decode('latin1')}"
        log.append(call)
        return True

    async def forward(self, port, first, headers, body):
        """The emulator closes each connection after its answer: the end of it is the end of the answer."""
        method, target, _ = first.split(" ", 2)
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
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
    proxy = Proxy([int(it) for it in sys.argv[1:]])
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0, limit=1 << 26, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
