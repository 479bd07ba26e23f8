#!/usr/bin/env python3
"""Registries that misbehave, for tests: hostile_registry.py FOLDER FAULT=PORT...

Each port is a registry of its own with the tags in FOLDER/tags, one a line. Once FOLDER/on exists each shows its
fault instead. A request is a line in FOLDER/log: fault, path, scheme of the Authorization header; whoever gives up on
"silent", which never answers, is a line "left silent" there.
"""
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FOLDER = sys.argv[1]
STATUSES = {
    "s401": (401, "UNAUTHORIZED", "token of robot expired on Tuesday", ("WWW-Authenticate", 'Basic realm="x"')),
    "s403": (403, "DENIED", "the project is locked for an audit", None),
    "s404": (404, "NAME_UNKNOWN", "no such repository in this registry", None),
    "s429": (429, "TOOMANYREQUESTS", "you have reached your pull rate limit", ("Retry-After", "3600")),
    "s503": (503, "UNAVAILABLE", "maintenance until noon", None),
    "pause": (429, "TOOMANYREQUESTS", "you ask too often", ("Retry-After", "8")),
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16  # head and body in one packet, else each answer waits for a delayed acknowledgement

    def log_message(self, *_):
        pass

    def answer(self, code, body, header=None, kind="application/json", announced=None):
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(announced or len(body)))
        if header:
            self.send_header(*header)
        self.end_headers()
        self.wfile.write(body)

    def tags(self, tags, link=None):
        self.answer(200, {"name": "team/app", "tags": tags}, ("Link", f'<{link}>; rel="next"') if link else None)

    def note(self, line):
        with open(f"{FOLDER}/log", "a") as log:
            log.write(line + "\n")

    def be_silent(self):
        """Until the other end has had enough, however long that takes."""
        try:
            self.connection.recv(1)
        except OSError:
            pass
        self.note("left silent")
        self.close_connection = True

    def drip(self, body):
        """A byte a quarter of a second: never silent, never done in time."""
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body) + 1000))
        self.end_headers()
        try:
            for number in range(80):
                self.wfile.write(body[number:number + 1] or b" ")
                self.wfile.flush()
                time.sleep(0.25)
        except OSError:
            pass
        self.close_connection = True

    def do_GET(self):
        fault, port = self.server.fault, self.server.server_port
        self.note(f"{fault} {self.path} {self.headers.get('Authorization', '-').split(' ')[0]}")
        with open(f"{FOLDER}/tags") as file:
            good = file.read().split()
        page = int(self.path.partition("page=")[2] or 0)
        if not os.path.exists(f"{FOLDER}/on"):
            # A scan that is in the middle of a fault's pages must not take the good list for their last one.
            if "page=" in self.path or "last=" in self.path:
                self.answer(404, {"errors": [{"code": "NAME_UNKNOWN", "message": "no such page"}]})
            else:
                self.tags(good)
        elif fault in STATUSES:
            code, error, message, header = STATUSES[fault]
            self.answer(code, {"errors": [{"code": error, "message": message}]}, header)
        elif fault == "silent":
            self.be_silent()
        elif fault == "drip":
            self.drip(json.dumps({"tags": good}).encode())
        elif fault == "html":
            self.answer(200, b"<html><title>Log in</title></html>", kind="text/html")
        elif fault == "cut":
            self.answer(200, json.dumps({"tags": good}).encode()[:-4], announced=9922)
            self.close_connection = True
        elif fault == "reset":
            self.close_connection = True
        elif fault == "endless":
            self.tags([f"9.0.{page}"], f"/v2/team/app/tags/list?n=1000&page={page + 1}")
        elif fault == "repeated":
            self.tags(["9.0.0"], "/v2/team/app/tags/list?n=1000&last=x")
        elif fault == "foreign":
            self.tags(["9.0.0"], f"http://127.0.0.1:{FOREIGN}/v2/team/app/tags/list?page=1")
        elif fault == "redirect":
            self.answer(302, b"", ("Location", f"http://127.0.0.1:{FOREIGN}/v2/team/app/tags/list"))
        elif fault == "shrunken":
            self.tags(good[:1])
        elif fault == "empty":
            self.tags([])
        elif fault == "nothing":
            self.tags(None)
        elif fault == "large":
            self.answer(200, b'{"name":"x","tags":["9.9.9"' + b" " * (17 << 20) + b"]}")
        else:
            self.tags(["9.9.9"])


ports = dict(argument.split("=") for argument in sys.argv[2:])
FOREIGN = ports.get("foreigner", "1")
servers = []
for name, number in ports.items():
    server = ThreadingHTTPServer(("127.0.0.1", int(number)), Handler)
    server.daemon_threads = True
    server.fault = name
    servers.append(server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
print("ready", flush=True)
threading.Event().wait()
