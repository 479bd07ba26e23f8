#!/usr/bin/python3
# recorder.py PORT FILE: takes any HTTP request and appends it to FILE as a line of JSON: method, path, headers (names
# in small letters), body. Answers 200, or the number that stands in FILE.status.
import http.server
import json
import os
import sys

port, file = int(sys.argv[1]), sys.argv[2]


class Recorder(http.server.BaseHTTPRequestHandler):
    def take(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode("utf-8", "replace")
        status = 200
        if os.path.exists(file + ".status"):
            with open(file + ".status") as wanted:
                status = int(wanted.read())
        with open(file, "a") as out:
            line = {"method": self.command, "path": self.path, "status": status, "body": body,
                    "headers": {name.lower(): value for name, value in self.headers.items()}}
            out.write(json.dumps(line) + "\n")
        # As many servers do, it repeats what it was asked for.
        answer = ("cannot take " + self.path).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST = do_PUT = take

    def log_message(self, *words):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", port), Recorder).serve_forever()
