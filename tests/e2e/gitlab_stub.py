"""GitLab's Rails side as Gitaly asks it, allowing everything: python3 gitlab_stub.py SOCKET."""
import http.server
import json
import socketserver
import sys


class Answers(http.server.BaseHTTPRequestHandler):
    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(length)
        if self.path.endswith("/internal/check"):
            body = {"version": "16.8", "revision": "stub", "api_version": "v4", "redis": True}
        elif self.path.endswith("/internal/pre_receive"):
            body = {"reference_counter_increased": True}
        elif self.path.endswith("/internal/post_receive"):
            body = {"reference_counter_decreased": True, "messages": []}
        else:
            body = {"status": True, "gl_repository": "project-1"}
        text = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = answer
    do_POST = answer

    def address_string(self):
        return "local"


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


Server(sys.argv[1], Answers).serve_forever()
