"""Where the rows find programs, data and servers; everything is made at its first use."""
import functools
import gzip
import os
import shutil
import subprocess

import measuring
import objects
import servers

HERE = os.path.dirname(os.path.abspath(__file__))
PROJECT = os.path.dirname(os.path.dirname(HERE))
SHARED = os.path.join(os.path.dirname(PROJECT), "shared", "bench")
STUB_PORT, REGISTRY_PORT, GIT_PORT = 18080, 18085, 18086
APPS = 500


class Context:
    def __init__(self, build, work, quick):
        self.build, self.work = build, work
        self.runs = 3 if quick else 7
        self.quick = quick
        self.at_end = []
        os.makedirs(work, exist_ok=True)

    @property
    def tidemark(self):
        return f"{self.build}/tidemark"

    def close(self):
        for action in reversed(self.at_end):
            action()

    def generate(self, name, *arguments, environment=None):
        command = [f"{HERE}/generators/{name}", *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, **(environment or {})})

    def knows(self, *command):
        return measuring.run([self.tidemark, *command, "--help"], ok=(0, 1)).code == 0

    @functools.cached_property
    def tree(self):
        path = f"{self.work}/tree"
        if not os.path.exists(path + ".policies.json"):
            self.generate("make-tree", path)
        return path

    def tag_list(self, shape):
        """100,000 tags, one a line: the list that the peers' figures were measured with, where it is there."""
        path = f"{self.work}/{shape}.txt"
        shared = f"{SHARED}/{ {'semver': 'semver-100k', 'stamps': 'main-sha-ts-100k'}[shape] }.txt.gz"
        if os.path.exists(shared):
            with gzip.open(shared) as source, open(path, "wb") as target:
                shutil.copyfileobj(source, target)
        else:
            with open(path, "wb") as target:
                subprocess.run([f"{HERE}/generators/make-tags", shape], check=True, stdout=target)
        return path

    @functools.cached_property
    def fleet(self):
        server = servers.FleetServer(f"{self.work}/fleet", REGISTRY_PORT, GIT_PORT)
        server.start()
        self.at_end.append(server.stop)
        for app in range(APPS):
            server.put_tags(self.repository(app), ["1.0.0"] + (["1.0.1"] if app < 200 else []))
        return server

    def repository(self, app):
        return f"team-{app % 25:02}/app-{app:04}"

    def fleet_remote(self, name):
        """A fresh remote with make-repo's 50,000 files; its URL."""
        original = f"{self.work}/original.git"
        if not os.path.exists(f"{self.work}/original.policies"):
            shutil.rmtree(original, ignore_errors=True)
            self.generate("make-repo", original, environment={"HOST": f"127.0.0.1:{REGISTRY_PORT}"})
        remote = f"{self.fleet.folder}/repositories/{name}"
        shutil.rmtree(remote, ignore_errors=True)
        subprocess.run(["cp", "-r", original, remote], check=True)
        subprocess.run(["git", "-C", remote, "config", "http.receivepack", "true"], check=True)
        return self.fleet.url(name)

    def fleet_objects(self, name, url, apps, push_branch="main"):
        folder = f"{self.work}/{name}"
        shutil.rmtree(folder, ignore_errors=True)
        objects.write(folder, "fleet.yaml", objects.git_repository(url) + objects.automation(push_branch))
        for app in apps:
            image = f"127.0.0.1:{REGISTRY_PORT}/{self.repository(app)}"
            text = objects.image_repository(f"app-{app:04}", image, "  insecure: true\n")
            objects.write(folder, f"app-{app:04}.yaml", text + objects.image_policy(f"app-{app:04}", ">=1.0.0"))
        return folder

    @functools.cached_property
    def stub(self):
        """registry-stub, started; answers its folder."""
        folder = f"{self.work}/stub"
        if not os.path.exists(f"{folder}/nginx.conf"):
            self.generate("registry-stub", "make", folder)
        self.generate("registry-stub", "start", folder)
        self.at_end.append(lambda: self.generate("registry-stub", "stop", folder))
        servers.wait_for_port(STUB_PORT)
        return folder
