"""The objects that the rows give to Tidemark, as Flux's YAML."""
import os

NAMESPACE = "flux-system"


def head(kind, name, api="image.toolkit.fluxcd.io/v1"):
    return f"---\napiVersion: {api}\nkind: {kind}\nmetadata:\n  name: {name}\n  namespace: {NAMESPACE}\nspec:\n"


def image_repository(name, image, more=""):
    return head("ImageRepository", name) + f"  image: {image}\n  interval: 5m\n{more}"


def image_policy(name, semver):
    return (
        head("ImagePolicy", name)
        + f"  imageRepositoryRef:\n    name: {name}\n  policy:\n    semver:\n      range: '{semver}'\n"
    )


def git_repository(url):
    return head("GitRepository", "fleet", "source.toolkit.fluxcd.io/v1") + (
        f"  url: {url}\n  interval: 5m\n  ref:\n    branch: main\n"
    )


def automation(push_branch):
    return head("ImageUpdateAutomation", "fleet") + f"""\
  interval: 5m
  sourceRef:
    kind: GitRepository
    name: fleet
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
    path: ./
"""


def write(folder, name, text):
    os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/{name}", "w") as file:
        file.write(text)
