#!/usr/bin/env python3
"""Holds the answers of a running service to its own OpenAPI description, every path of it.

check_api.py URL [TOKEN]   prints a line for each answer that does not fit; the last line counts what was checked.
"""
import json
import sys
import urllib.error
import urllib.request

import jsonschema

url, token = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ""
wrong = checked = 0


def ask(path, body=None, headers=None):
    request = urllib.request.Request(url + path, headers=headers or {})
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
        request.add_header("Authorization", "Bearer " + token)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers["Content-Type"], error.read()


def check(path, template, method="get", body=None, wanted=200):
    """The answer's status is described there, and its body fits the schema."""
    global wrong, checked
    checked += 1
    status, kind, text = ask(path, body)
    responses = api["paths"][template][method]["responses"]
    if status != wanted or str(status) not in responses or kind != "application/json":
        print(f"{method} {path}: {status} {kind}, wanted {wanted}: {text[:200]}")
        wrong += 1
        return {}
    content = json.loads(text)
    schema = {"components": api["components"], **responses[str(status)]["content"]["application/json"]["schema"]}
    for error in jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).iter_errors(content):
        print(f"{method} {path}: {'/'.join(map(str, error.path))}: {error.message[:200]}")
        wrong += 1
    seen.add((template, method))
    return content


api = json.loads(ask("/api/v1/openapi.json")[2])
seen = set()
prefix = "/api/v1/"
check(prefix + "openapi.json", prefix + "openapi.json")
check(prefix + "status", prefix + "status")
for name in ("images", "repositories", "automations", "mirrors", "hooks"):
    whole = check(prefix + name, prefix + name)
    check(prefix + name + "?q=e&limit=1&offset=1&filter=needs&sort=-state", prefix + name)
    for item in whole.get("items", []):
        one = f"{prefix}{name}/{{namespace}}/{{name}}"
        if one in api["paths"]:
            check(f"{prefix}{name}/{item['namespace']}/{item['name']}", one)
            check(f"{prefix}{name}/{item['namespace']}/none-such", one, wanted=404)
objects = prefix + "objects"
for kind in ("ImageRepository", "ImagePolicy", "ImageUpdateAutomation", "GitRepository"):
    check(f"{objects}?kind={kind}", objects)
    check(f"{objects}?kind={kind}&namespace=flux-system&name=web&limit=1&offset=0", objects)
check(objects + "?kind=Secret", objects, wanted=400)
events = check(prefix + "events?limit=5", prefix + "events")
check(prefix + "events?after=0&wait=1", prefix + "events")
check(prefix + "logs", prefix + "logs")
commands = prefix + "commands"
if token:
    image = json.loads(ask(prefix + "images")[2])["items"][0]
    order = {"verb": "reconcile", "kind": "ImagePolicy", "namespace": image["namespace"], "name": image["name"]}
    ticket = check(commands, commands, "post", order)["ticket"]
    check(f"{commands}/{ticket}?wait=25", commands + "/{ticket}")
    check(commands, commands, "post", {**order, "name": "none-such"}, 404)
    check(commands, commands, "post", {**order, "verb": "explode"}, 400)
    check(commands, commands, "post", [1], 400)
    check(commands + "/999999", commands + "/{ticket}", wanted=404)
    correct, token = token, "wrong" * 8
    check(commands, commands, "post", order, 401)
    token = correct
    described = {(path, method) for path, methods in api["paths"].items() for method in methods}
    for path, method in sorted(described - seen):
        print(f"{method} {path} is described and was not checked")
        wrong += 1
print(f"{checked} answers checked, {wrong} wrong")
sys.exit(1 if wrong else 0)
