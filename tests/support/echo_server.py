#!/usr/bin/env python3
"""Servers that send back what they were sent, for tests: echo_server.py FOLDER MODE=PORT...

FOLDER/token and FOLDER/location hold what `token` hands out and `redirect` and `realm` lead to.

basic      a registry that wants a login and refuses it in its own words
token      a registry whose token is refused in its own words; hands tokens out itself
identity   a registry whose token server refuses whoever asks, in their own words
redirect   leads elsewhere, with a login in the address
realm      a registry that names a token server with a login in the address
all        any HTTP server: refuses with all that it got
mail       a mail server that refuses a login with what it was sent
"""
import base64
import json
import socketserver
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FOLDER = sys.argv[1]


def word(name):
    with open(f"{FOLDER}/{name}") as file:
        return file.read().strip()


def decoded(text):
    """A Base64 login in clear, which is how some servers log it."""
    try:
        return base64.b64decode(text.split()[-1] + "==").decode("latin-1")
    except (ValueError, IndexError):
        return ""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16

    def log_message(self, *_):
        pass

    def answer(self, code, body, *headers, kind="application/json"):
        body = body.encode("latin-1", "replace")
        self.send_response(code)
        for header in headers:
            self.send_header(*header)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def refuse(self, code, words):
        self.answer(code, json.dumps({"errors": [{"code": "DENIED", "message": words}], "error_description": words}))

    def take(self):
        mode, port = self.server.mode, self.server.server_port
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode("latin-1")
        sent = self.headers.get("Authorization", "")
        echo = f"you sent {sent} that is {decoded(sent)} {body}"
        challenge = f'Bearer realm="http://127.0.0.1:{port}/token",service="echo"'
        if mode == "all":
            self.answer(403, f"{echo} to {self.path} with {self.headers}", kind="text/plain")
        elif mode == "redirect":
            self.answer(302, "", ("Location", word("location") + self.path))
        elif mode == "realm":
            self.answer(401, "{}", ("WWW-Authenticate", f'Bearer realm="{word("location")}/token",service="echo"'))
        elif self.path.startswith("/token"):
            if mode == "identity":
                self.refuse(401, echo)
            else:
                self.answer(200, json.dumps({"token": word("token"), "expires_in": 3600}))
        elif not sent:
            self.answer(401, "{}", ("WWW-Authenticate", 'Basic realm="echo"' if mode == "basic" else challenge))
        else:
            self.refuse(403, echo)

    do_GET = do_POST = do_PUT = do_HEAD = take


class Mail(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"220 echo\r\n")
        while line := self.rfile.readline(4096).strip():
            if line.upper().startswith(b"EHLO"):
                self.wfile.write(b"250-echo\r\n250 AUTH PLAIN LOGIN\r\n")
            elif line.upper().startswith(b"AUTH") and line.split()[-1].upper() in (b"PLAIN", b"LOGIN"):
                self.wfile.write(b"334 \r\n")
            else:
                self.wfile.write(b"535 you sent " + line + b" that is " + decoded(line.decode("latin-1")).encode("latin-1").replace(b"\0", b" ") + b"\r\n")


for argument in sys.argv[2:]:
    mode, _, port = argument.partition("=")
    address = ("127.0.0.1", int(port))
    if mode == "mail":
        socketserver.ThreadingTCPServer.allow_reuse_address = True
        server = socketserver.ThreadingTCPServer(address, Mail)
    else:
        server = ThreadingHTTPServer(address, Handler)
        server.mode = mode
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
threading.Event().wait()
