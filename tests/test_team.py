"""The files of a shared archive are what the page shows, and fit together: names, variables, commands, versions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from benchmarks.costs import read
from benchmarks.sizing import ARTICLES, READERS, Assumed, printed
from qa.config import settings, variable
from qa.settings import Config
from tui import command as qa_command
from vectorstore.chroma_http import TOKEN

ROOT = Path(__file__).parent.parent
TEAM = ROOT / "docs" / "team"
PAGE = (ROOT / "docs" / "team.md").read_text("utf-8")
SHOWN = ["compose.yaml", "kubernetes.yaml", "roles.sql", "Dockerfile", "Caddyfile"]
COMPOSE = yaml.safe_load((TEAM / "compose.yaml").read_text("utf-8"))
MANIFEST = list(yaml.safe_load_all((TEAM / "kubernetes.yaml").read_text("utf-8")))
KNOWN = {variable(key) for key, _, _ in settings(Config())} | {"QA_STORE", "QA_TOKEN", TOKEN}


@pytest.mark.parametrize("name", SHOWN)
def test_the_page_shows_the_file_as_it_is(name: str) -> None:
    assert f"\n{(TEAM / name).read_text('utf-8')}```\n" in PAGE
    assert f"(team/{name})" in PAGE


def test_the_page_shows_what_the_sizing_says_of_the_costs_beside_it() -> None:
    out = "\n".join(printed(read(TEAM / "costs.json"), Assumed(), ARTICLES, READERS))
    assert f"\n{out}\n```\n" in PAGE


def test_the_commands_of_the_page_exist() -> None:
    commands = get_command(qa_command.app).commands  # type: ignore[attr-defined]
    code = "\n".join(re.findall(r"^(?:```sh\n.*?^```|    .*?$)", PAGE, re.DOTALL | re.MULTILINE))
    assert set(re.findall(r"\bqa (?:--quiet )?([a-z]+)", code)) <= commands.keys()


def variables() -> Iterator[tuple[str, str]]:
    """Each environment variable of the containers, with its value."""
    for service in COMPOSE["services"].values():
        yield from service.get("environment", {}).items()
    for _, pod in pods():
        for container in pod["spec"]["containers"]:
            yield from ((one["name"], one.get("value", "")) for one in container.get("env", ()))


def pods() -> Iterator[tuple[Any, Any]]:
    """Each workload of the manifest, with the template of its pods."""
    return ((one, one["spec"]["template"]) for one in MANIFEST if "template" in one.get("spec", {}))


def arguments() -> Iterator[list[str]]:
    """What `qa` is started with."""
    yield from (one["command"] for one in COMPOSE["services"].values() if "footnote" in one["image"])
    for _, pod in pods():
        for container in pod["spec"]["containers"]:
            if "footnote" in container["image"]:
                yield container.get("args") or container["command"][2].split()[2:]


def test_the_variables_are_those_that_are_read() -> None:
    names = {name for name, _ in variables()}
    assert {name for name in names if name.startswith("QA_")} <= KNOWN
    assert {"QA_STORE", "QA_VECTORSTORE__CHROMA", "QA_TOKEN", "PGPASSWORD"} <= names


def test_the_options_are_those_that_there_are() -> None:
    commands = get_command(qa_command.app).commands  # type: ignore[attr-defined]
    started = list(arguments())
    assert len(started) == 4
    for given in started:
        name = next(part for part in given if not part.startswith("--"))
        known = {option for parameter in commands[name].params for option in parameter.opts} | {"--quiet"}
        assert {part for part in given if part.startswith("--")} <= known


def test_no_password_is_in_the_files() -> None:
    for name, value in variables():
        if "PASSWORD" in name or name == "QA_TOKEN":
            assert value == "" or re.fullmatch(r"\$\{\w+:\?\}", value)
    assert not re.search(r"postgresql://\w+:", PAGE + str(COMPOSE) + str(MANIFEST))


def test_images_have_a_version_and_chroma_is_the_one_that_is_tested() -> None:
    images = {one["image"] for one in COMPOSE["services"].values()}
    images |= {container["image"] for _, pod in pods() for container in pod["spec"]["containers"]}
    assert all(re.search(r":\d", image) for image in images)
    pinned = re.search(r"^chromadb==(.+)$", (ROOT / "constraints.txt").read_text("utf-8"), re.MULTILINE)
    assert pinned
    assert {image for image in images if "chroma" in image} == {f"chromadb/chroma:{pinned[1]}"}


def test_services_of_compose_depend_on_what_there_is() -> None:
    services = COMPOSE["services"]
    for service in services.values():
        assert set(service.get("depends_on", ())) <= services.keys()
        for mount in service.get("volumes", ()):
            source = mount.split(":")[0]
            assert source in COMPOSE["volumes"] or source.startswith(("./", "${"))
            assert not source.startswith("./") or (TEAM / source).exists()
    assert "dynamic a serve 8010" in (TEAM / "Caddyfile").read_text("utf-8")


def test_parts_of_the_manifest_find_each_other() -> None:
    named = {(one["kind"], one["metadata"]["name"]): one for one in MANIFEST}
    labels = [pod["metadata"]["labels"] for _, pod in pods()]
    for workload, pod in pods():
        assert workload["spec"].get("selector", {}).get("matchLabels", pod["metadata"]["labels"]) in labels
        volumes = {one["name"] for one in pod["spec"].get("volumes", ())}
        volumes |= {one["metadata"]["name"] for one in workload["spec"].get("volumeClaimTemplates", ())}
        for container in pod["spec"]["containers"]:
            assert {mount["name"] for mount in container.get("volumeMounts", ())} <= volumes
            for one in container.get("env", ()):
                if "valueFrom" in one:
                    assert one["valueFrom"]["secretKeyRef"]["key"] in named["Secret", "footnote"]["stringData"]
    for (kind, name), one in named.items():
        if kind == "Service":
            assert one["spec"]["selector"] in labels
            ports = [
                c["ports"][0]["containerPort"]
                for _, pod in pods()
                if pod["metadata"]["labels"] == {"app": name}
                for c in pod["spec"]["containers"]
            ]
            assert ports == [one["spec"]["ports"][0]["port"]]


def test_the_manifest_makes_the_same_roles_as_compose() -> None:
    (roles,) = (one["data"] for one in MANIFEST if one["kind"] == "ConfigMap")
    for name, text in roles.items():
        file = (TEAM / name.partition("-")[2]).read_text("utf-8")
        assert text == "".join(line for line in file.splitlines(True) if not line.startswith("--"))


def test_a_job_takes_all_shards() -> None:
    (job,) = (one for one in MANIFEST if one["kind"] == "Job")
    (container,) = job["spec"]["template"]["spec"]["containers"]
    assert job["spec"]["completions"] == 16
    assert container["command"][-1].endswith("--shard $((JOB_COMPLETION_INDEX + 1))/16")
