#!/usr/bin/env python3
"""A forge of GitHub's or GitLab's kind, as far as lists of requests go.

forge_server.py FOLDER PORT TOKEN

FOLDER/requests.json is a list of {number, title, source, target, fork, state, draft}; FOLDER/mode says what to do instead
of answering: a status, `page`, `cut`, `moved`, `wait`. Whoever asks is given the list, unfiltered, two a page; each question
goes to FOLDER/log with the header that it was shown.
"""
import json
import pathlib
import sys
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FOLDER, PORT, TOKEN = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
lock = threading.Lock()


def as_github(request):
    own, other = {"id": 7, "full_name": "acme/fleet"}, {"id": 8, "full_name": "mallory/fleet"}
    return {
        "id": 1000 + request["number"], "number": request["number"], "title": request["title"], "state": request["state"],
        "draft": request.get("draft", False), "user": {"login": "dana"}, "created_at": "2026-11-20T10:00:00Z",
        "html_url": f"https://forge.example/acme/fleet/pull/{request['number']}",
        "head": {"ref": request["source"], "repo": other if request.get("fork") else own},
        "base": {"ref": request["target"], "repo": own},
    }


def as_gitlab(request):
    return {
        "id": 1000 + request["number"], "iid": request["number"], "title": request["title"],
        "state": {"open": "opened"}.get(request["state"], request["state"]), "draft": request.get("draft", False),
        "author": {"username": "dana"}, "created_at": "2026-11-20T10:00:00.000Z",
        "web_url": f"https://forge.example/acme/fleet/-/merge_requests/{request['number']}",
        "source_branch": request["source"], "source_project_id": 8 if request.get("fork") else 7,
        "target_branch": request["target"], "target_project_id": 7,
    }


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def reply(self, status, text, headers=(), promised=None):
        data = text.encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(promised or len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        shown = self.headers.get("Authorization", "-")
        with lock, open(FOLDER / "log", "a") as log:
            log.write(f"{self.path} {shown}\n")
        mode = (FOLDER / "mode").read_text().strip() if (FOLDER / "mode").exists() else ""
        if mode.isdigit():
            return self.reply(int(mode), json.dumps({"message": f"no, {shown}"}), [("Content-Type", "application/json")])
        if mode == "page":
            return self.reply(200, f"<!DOCTYPE html><title>Sign in, {shown}</title>", [("Content-Type", "text/html")])
        if mode == "cut":
            self.reply(200, '[{"number": 12, "ti', promised=1000)
            self.close_connection = True
            return None
        if mode == "moved":
            return self.reply(302, "", [("Location", f"https://elsewhere.example/{shown}")])
        if mode == "wait":
            time.sleep(60)
        if shown != f"Bearer {TOKEN}":
            return self.reply(401, json.dumps({"message": f"Bad credentials: {shown}"}))
        path, _, query = self.path.partition("?")
        query = urllib.parse.parse_qs(query)
        if path == "/api/v3/repos/acme/fleet/pulls":
            form = as_github
        elif path == "/api/v4/projects/acme%2Ffleet/merge_requests":
            form = as_gitlab
        else:
            return self.reply(404, json.dumps({"message": "Not Found"}))
        page = int(query.get("page", ["1"])[0])
        requests = json.loads((FOLDER / "requests.json").read_text())
        headers = [("Content-Type", "application/json")]
        if len(requests) > 2 * page:
            headers.append(("Link", f'<http://127.0.0.1:1{path}?page={page + 1}>; rel="next"'))
        return self.reply(200, json.dumps([form(one) for one in requests[2 * page - 2:2 * page]]), headers)


server = ThreadingHTTPServer(("127.0.0.1", PORT), Handler)
server.daemon_threads = True
server.serve_forever()
