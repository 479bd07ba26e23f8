"""git http-backend behind a small threaded HTTP server, for tests.

usage: git_http_server.py SETTINGS.json

Settings: port, root, log; optional user, password, readers (names that may not push), token, certificate, key,
client_ca. Below /moved/ it redirects to the same path without it; below /stall/ it never answers; below /echo/
it refuses with the Authorization header it got.
"""
import base64
import http.server
import json
import os
import ssl
import subprocess
import sys
import threading

settings = json.load(open(sys.argv[1]))
backend = subprocess.run(["git", "--exec-path"], capture_output=True, text=True, check=True).stdout.strip() + "/git-http-backend"
log_lock = threading.Lock()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def log_request_line(self):
        scheme = self.headers.get("Authorization", "-").split(" ")[0]
        with log_lock, open(settings["log"], "a") as log:
            log.write(f"{self.command} {self.path} {scheme}\n")

    def answer(self, status, text, headers=()):
        body = text.encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def authorized_user(self):
        """The user's name, "" where none is asked for, None if refused."""
        header = self.headers.get("Authorization", "")
        if settings.get("token"):
            return "token" if header == "Bearer " + settings["token"] else None
        if settings.get("user"):
            if not header.startswith("Basic "):
                return None
            user, _, password = base64.b64decode(header[6:]).decode().partition(":")
            known = user == settings["user"] or user in settings.get("readers", [])
            return user if known and password == settings["password"] else None
        return ""

    def read_body(self):
        if self.headers.get("Transfer-Encoding", "") == "chunked":
            body = b""
            while True:
                size = int(self.rfile.readline().split(b";")[0], 16)
                body += self.rfile.read(size)
                self.rfile.readline()
                if size == 0:
                    return body
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def handle_git(self):
        self.log_request_line()
        body = self.read_body()
        if self.path.startswith("/stall/"):
            threading.Event().wait()
        if self.path.startswith("/moved/"):
            return self.answer(301, "moved", [("Location", self.path[len("/moved"):])])
        if self.path.startswith("/echo/"):
            return self.answer(403, "you sent " + self.headers.get("Authorization", "nothing") + "\n")
        user = self.authorized_user()
        if user is None:
            return self.answer(401, "Invalid credentials\n", [("WWW-Authenticate", 'Basic realm="git"')])
        path, _, query = self.path.partition("?")
        if "git-receive-pack" in self.path and user in settings.get("readers", []):
            return self.answer(403, "Write access to repository not granted.\n")
        environment = {
            "PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_PROJECT_ROOT": settings["root"], "GIT_HTTP_EXPORT_ALL": "1", "REQUEST_METHOD": self.command,
            "PATH_INFO": path, "QUERY_STRING": query, "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)), "REMOTE_ADDR": "127.0.0.1", "REMOTE_USER": user or "anonymous",
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "http.receivepack", "GIT_CONFIG_VALUE_0": "true",
        }
        run = subprocess.run([backend], input=body, env=environment, capture_output=True)
        head, _, content = run.stdout.partition(b"\r\n\r\n")
        status, headers = 200, []
        for line in head.decode("latin-1").split("\r\n"):
            name, _, value = line.partition(": ")
            if name == "Status":
                status = int(value.split(" ")[0])
            elif name:
                headers.append((name, value))
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = handle_git


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass  # a client that went away


server = Server(("127.0.0.1", settings["port"]), Handler)
if settings.get("certificate"):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(settings["certificate"], settings["key"])
    if settings.get("client_ca"):
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(settings["client_ca"])
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
server.serve_forever()
