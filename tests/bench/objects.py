"""The objects that the rows give to Tidemark, as Flux's YAML."""
import os

NAMESPACE = "flux-system"


def head(kind, name, api="image.toolkit.fluxcd.io/v1", labels=None):
    more = "".join(f"    {key}: {value}\n" for key, value in (labels or {}).items())
    return (
        f"---\napiVersion: {api}\nkind: {kind}\nmetadata:\n  name: {name}\n  namespace: {NAMESPACE}\n"
        + (f"  labels:\n{more}" if more else "") + "spec:\n"
    )


def image_repository(name, image, more="", interval="5m"):
    return head("ImageRepository", name) + f"  image: {image}\n  interval: {interval}\n{more}"


def image_policy(name, semver, labels=None):
    return (
        head("ImagePolicy", name, labels=labels)
        + f"  imageRepositoryRef:\n    name: {name}\n  policy:\n    semver:\n      range: '{semver}'\n"
    )


def git_repository(url, name="fleet", interval="5m"):
    return head("GitRepository", name, "source.toolkit.fluxcd.io/v1") + (
        f"  url: {url}\n  interval: {interval}\n  ref:\n    branch: main\n"
    )


def automation(push_branch, name="fleet", source="fleet", interval="5m", path="./", more=""):
    return head("ImageUpdateAutomation", name) + f"""\
  interval: {interval}
  sourceRef:
    kind: GitRepository
    name: {source}
  git:
    checkout:
      ref:
        branch: main
    commit:
      author:
        name: bench
        email: bench@example.com
    push:
      branch: {push_branch}
  update:
    strategy: Setters
    path: {path}
{more}"""


def write(folder, name, text):
    os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/{name}", "w") as file:
        file.write(text)
