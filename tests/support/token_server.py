#!/usr/bin/env python3
"""Docker's token server for tests: token_server.py PORT KEY CERT SECONDS [TLS_CERT TLS_KEY]

Signs with the openssl program, so nothing beyond the standard library is needed; a signed token is kept for each
(user, service, scopes), because a fork for each would be slow. Prints one line a request.
"""
import base64
import json
import os
import ssl
import subprocess
import sys
import time
import urllib.parse
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORT, KEY, CERT, SECONDS = int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
USERS = {"alice": os.environ.get("ALICE_PASSWORD", "s3cret")}
IDENTITY_TOKENS = {os.environ.get("ALICE_IDENTITY", "identity-alice"): "alice"}
TOKENS = {}


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def granted(user, scopes):
    """What the user may do of what was asked: anybody pulls public/*, a user everything."""
    access = []
    for scope in " ".join(scopes).split():
        kind, rest = scope.split(":", 1)
        name, actions = rest.rsplit(":", 1)
        allowed = [a for a in actions.split(",") if user or (a == "pull" and name.startswith("public/"))]
        if allowed:
            access.append({"type": kind, "name": name, "actions": allowed})
    return access


def make_token(user, service, scopes):
    with open(CERT) as file:
        certificate = "".join(line.strip() for line in file if "-----" not in line)
    now = int(time.time())
    header = {"typ": "JWT", "alg": "RS256", "x5c": [certificate]}
    claims = {"iss": "test-issuer", "sub": user or "", "aud": service, "exp": now + SECONDS, "nbf": now - 5,
              "iat": now, "jti": str(uuid.uuid4()), "access": granted(user, scopes)}
    signed = encode(json.dumps(header).encode()) + "." + encode(json.dumps(claims).encode())
    signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", KEY], input=signed.encode(),
                               capture_output=True, check=True).stdout
    return signed + "." + encode(signature)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        print(self.command, self.path, self.headers.get("Authorization", "-").split(" ")[0], flush=True)

    def answer(self, code, document, headers=()):
        body = json.dumps(document).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def refuse(self):
        self.answer(401, {"errors": [{"code": "UNAUTHORIZED", "message": "bad credentials"}]},
                    [("WWW-Authenticate", 'Basic realm="token"')])

    def issue(self, user, service, scopes):
        key = (user, service, tuple(scopes))
        token = TOKENS.get(key) or TOKENS.setdefault(key, make_token(user, service, scopes))
        self.answer(200, {"token": token, "access_token": token, "expires_in": SECONDS,
                          "issued_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())})

    def do_GET(self):
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        user = None
        authorization = self.headers.get("Authorization", "")
        if authorization.startswith("Basic "):
            user, _, password = base64.b64decode(authorization[6:]).decode().partition(":")
            if USERS.get(user) != password:
                return self.refuse()
        self.issue(user, query.get("service", [""])[0], query.get("scope", []))

    def do_POST(self):
        form = urllib.parse.parse_qs(self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode())
        kind = form.get("grant_type", [""])[0]
        user = IDENTITY_TOKENS.get(form.get("refresh_token", [""])[0]) if kind == "refresh_token" else None
        if user is None:
            return self.refuse()
        self.issue(user, form.get("service", [""])[0], form.get("scope", [""])[0].split())


server = ThreadingHTTPServer(("127.0.0.1", PORT), Handler)
if len(sys.argv) > 6:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[5], sys.argv[6])
    server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
