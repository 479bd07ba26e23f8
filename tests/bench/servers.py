"""What the benchmarks talk to: nginx with a static registry and `git http-backend`, on 127.0.0.1."""
import os
import signal
import socket
import subprocess
import time


def wait_for_port(port, seconds=10):
    for _ in range(seconds * 50):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError(f"nothing listens on port {port}")


class FleetServer:
    """The registry of make-repo's images (files below `data`) and its repositories (below `repositories`)."""

    def __init__(self, folder, registry_port, git_port):
        self.folder, self.registry_port, self.git_port = folder, registry_port, git_port
        self.processes = []

    def start(self):
        for name in ("data", "repositories", "tmp"):
            os.makedirs(f"{self.folder}/{name}", exist_ok=True)
        with open(f"{self.folder}/nginx.conf", "w") as file:
            file.write(self.settings())
        socket_path = f"{self.folder}/fcgi.sock"
        if os.path.exists(socket_path):
            os.remove(socket_path)
        log = open(f"{self.folder}/log", "w")
        for command in (
            ["fcgiwrap", "-c", "4", "-s", "unix:" + socket_path],
            ["nginx", "-p", self.folder, "-c", f"{self.folder}/nginx.conf", "-e", f"{self.folder}/error.log"],
        ):
            # In a group of its own: fcgiwrap's workers outlive their parent otherwise.
            self.processes.append(
                subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
            )
        wait_for_port(self.git_port)

    def stop(self):
        for process in self.processes:
            os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes:
            process.wait()
        self.processes = []

    def url(self, name):
        return f"http://127.0.0.1:{self.git_port}/{name}"

    def put_tags(self, repository, tags):
        folder = f"{self.folder}/data/v2/{repository}/tags"
        os.makedirs(folder, exist_ok=True)
        with open(f"{folder}/list.new", "w") as file:
            file.write('{"name":"%s","tags":[%s]}\n' % (repository, ",".join(f'"{tag}"' for tag in tags)))
        os.rename(f"{folder}/list.new", f"{folder}/list")

    def forget_log(self):
        open(f"{self.folder}/access.log", "w").close()

    def git_traffic(self):
        """Requests, bytes down, bytes up since forget_log()."""
        with open(f"{self.folder}/access.log") as file:
            lines = [line.split() for line in file]
        return len(lines), sum(int(down) for down, _ in lines), sum(int(up) for _, up in lines)

    def settings(self):
        folder = self.folder
        user = "user root;" if os.geteuid() == 0 else ""
        return f"""{user} worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    client_body_temp_path {folder}/tmp/a; proxy_temp_path {folder}/tmp/b; fastcgi_temp_path {folder}/tmp/c;
    uwsgi_temp_path {folder}/tmp/d; scgi_temp_path {folder}/tmp/e;
    client_max_body_size 0; keepalive_requests 1000000; tcp_nopush on; sendfile on; etag off;
    log_format bytes '$bytes_sent $request_length';
    server {{
        listen 127.0.0.1:{self.registry_port}; access_log off; root {folder}/data; default_type application/json;
        add_header Docker-Distribution-Api-Version registry/2.0 always;
        location = /v2/ {{ return 200 '{{}}'; }}
    }}
    server {{
        listen 127.0.0.1:{self.git_port}; access_log {folder}/access.log bytes;
        location / {{
            fastcgi_pass unix:{folder}/fcgi.sock;
            fastcgi_param SCRIPT_FILENAME /usr/lib/git-core/git-http-backend;
            fastcgi_param GIT_PROJECT_ROOT {folder}/repositories; fastcgi_param GIT_HTTP_EXPORT_ALL 1;
            fastcgi_param PATH_INFO $uri; fastcgi_param QUERY_STRING $query_string;
            fastcgi_param REQUEST_METHOD $request_method; fastcgi_param CONTENT_TYPE $content_type;
            fastcgi_param CONTENT_LENGTH $content_length; fastcgi_param REMOTE_ADDR $remote_addr;
            fastcgi_param HTTP_CONTENT_ENCODING $http_content_encoding;
            fastcgi_param GIT_PROTOCOL $http_git_protocol;
        }}
    }}
}}
"""
