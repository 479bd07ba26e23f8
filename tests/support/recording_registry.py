#!/usr/bin/env python3
"""A registry that writes down how hard it is asked, for tests: recording_registry.py FOLDER PORT

Each repository has the tags in FOLDER/tags, one a line. While FOLDER/refuse exists every answer is 429 without
Retry-After. A request is a line in FOLDER/log: milliseconds, requests under way with this one, connections open, status,
path. An answer takes 20 ms, so that requests that are sent side by side are seen side by side.
"""
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FOLDER, PORT = sys.argv[1], int(sys.argv[2])
lock = threading.Lock()
under_way = 0
connections = 0


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16  # head and body in one packet, else each answer waits for a delayed acknowledgement

    def log_message(self, *_):
        pass

    asked = False  # whether this connection brought a request, and not only a TLS hello

    def finish(self):
        global connections
        with lock:
            connections -= self.asked
        super().finish()

    def do_GET(self):
        global under_way, connections
        refuse = os.path.exists(f"{FOLDER}/refuse")
        status = 429 if refuse else 200
        with lock:
            under_way += 1
            connections += not self.asked
            self.asked = True
            with open(f"{FOLDER}/log", "a") as log:
                log.write(f"{time.monotonic_ns() // 1000000} {under_way} {connections} {status} {self.path}\n")
        time.sleep(0.02)
        if refuse:
            body = {"errors": [{"code": "TOOMANYREQUESTS", "message": "slow down"}]}
        else:
            with open(f"{FOLDER}/tags") as file:
                body = {"tags": file.read().split()}
        data = json.dumps(body).encode()
        with lock:
            under_way -= 1
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


server = ThreadingHTTPServer(("127.0.0.1", PORT), Handler)
server.daemon_threads = True
server.serve_forever()
