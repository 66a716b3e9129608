"""compose.yaml, its image, its secrets and its proxy say the same, and say nothing that is not there."""

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from api.settings import Settings
from services.keyring import Keyring
from tests.makers.commands import command_of

ROOT: Final = Path(__file__).parents[2]
# What a service of ours may say; a misspelt key would be ignored on the server without a word.
KEYS: Final = {
    *("image", "build", "command", "entrypoint", "environment", "secrets", "volumes", "networks", "ports", "user"),
    *("depends_on", "healthcheck", "restart", "logging", "profiles", "init", "read_only", "tmpfs", "cap_drop"),
    *("cap_add", "security_opt", "stop_grace_period", "mem_limit", "shm_size"),
}
ONE_SHOT: Final = {"migrate", "kunak"}
ASKED: Final = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


@cache
def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    return read


def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = compose()["services"]
    return found


def ours() -> dict[str, dict[str, Any]]:
    return {name: service for name, service in services().items() if "build" in service}


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    else:
        yield str(value)


def filled(text: str) -> str:
    """A text with every variable replaced by its default, or by what .env of the example says."""
    return ASKED.sub(lambda found: found[3] if found[2] == "-" else example().get(found[1], ""), text)


@cache
def example() -> dict[str, str]:
    lines = (ROOT / "ops" / "env.example").read_text().splitlines()
    pairs = (line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {name: value.strip('"') for name, value in pairs}


def test_services_say_only_what_compose_understands() -> None:
    unknown = {name: service.keys() - KEYS for name, service in services().items()}
    assert not {name: keys for name, keys in unknown.items() if keys}
    assert compose().keys() <= {"name", "services", "secrets", "volumes", "networks"} | {
        key for key in compose() if key.startswith("x-")
    }


def test_every_image_is_pinned_to_one_version() -> None:
    images = [service["image"] for service in services().values() if "build" not in service]
    images += re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert len(images) >= 7
    for image in images:
        _, _, tag = image.partition(":")
        assert re.match(r"v?\d+\.\d+", tag), f"{image} may be another one tomorrow"
        assert "latest" not in tag


def test_the_image_of_ours_has_one_name_with_the_version_of_the_project() -> None:
    project = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert project
    assert {service["image"] for service in ours().values()} == {f"kunak:${{KUNAK_VERSION:-{project[1]}}}"}


def test_the_image_copies_only_what_is_there_and_runs_as_nobody() -> None:
    text = (ROOT / "Dockerfile").read_text()
    for sources in re.findall(r"^COPY (?!--from)(?:--\S+ )*(.+) \S+$", text, re.MULTILINE):
        for source in sources.split():
            assert (ROOT / source).exists(), source
    assert re.search(r"^USER 10001:10001$", text, re.MULTILINE)


def test_what_lasts_is_watched_restarted_and_kept_from_filling_the_disk() -> None:
    for name, service in services().items():
        if name in ONE_SHOT:
            continue
        assert service["restart"] == "unless-stopped", name
        assert "test" in service["healthcheck"], name
        assert service["logging"]["options"].keys() == {"max-size", "max-file"}, name
        assert "no-new-privileges:true" in service.get("security_opt", []) or name == "relay"


def test_two_servers_stand_behind_the_proxy() -> None:
    door = (ROOT / "ops" / "proxy" / "Caddyfile").read_text()
    upstreams = re.search(r"reverse_proxy (.+) \{", door)
    assert upstreams
    servers = {name for name, service in ours().items() if service.get("command") == ["serve"]}
    assert len(servers) >= 2
    assert set(upstreams[1].split()) == {f"{name}:{services()[name]['environment']['PORT']}" for name in servers}
    assert "health_uri /ready" in door
    trusted = {services()[name]["environment"]["KUNAK_TRUSTED_PROXIES"] for name in servers}
    assert trusted == {network["subnet"] for network in compose()["networks"]["edge"]["ipam"]["config"]}
    # Nobody but the proxy is reached from outside, and nobody but the proxy and the relay reaches out.
    assert [name for name, service in services().items() if "ports" in service] == ["proxy"]
    assert [name for name, service in services().items() if "outside" in service.get("networks", [])] == [
        "proxy",
        "relay",
    ]
    assert all(compose()["networks"][name]["internal"] for name in ("edge", "data", "mail"))


def test_secrets_travel_in_files() -> None:
    for name, service in services().items():
        for variable, value in service.get("environment", {}).items():
            assert "@" not in str(value) or variable == "KUNAK_MAIL_FROM", f"{name}: {variable}"
            if re.search(r"PASS|SECRET|TOKEN|KEYS?$|DATABASE_URL", variable):
                assert str(value).startswith("/run/secrets/"), f"{name}: {variable}"
        given = {f"/run/secrets/{secret}" for secret in service.get("secrets", [])}
        wanted = {text for text in texts(service.get("environment", {})) if text.startswith("/run/secrets/")}
        assert wanted <= given, f"{name} reads what it is not given: {wanted - given}"


def test_the_secrets_are_those_that_the_script_makes(tmp_path: Path) -> None:
    command = ["sh", str(ROOT / "ops" / "make-secrets"), "--as-me"]
    environment = {"PATH": "/usr/bin:/bin", "KUNAK_SECRETS": str(tmp_path / "secrets")}
    subprocess.run(command, env=environment, check=True, capture_output=True)
    made = {file.name: file.read_text() for file in (tmp_path / "secrets").iterdir()}
    assert {secret["file"] for secret in compose()["secrets"].values()} == {f"ops/secrets/{name}" for name in made}
    assert Keyring.parse(made["keys"]).newest == 1
    assert all((tmp_path / "secrets" / name).stat().st_mode & 0o777 == 0o400 for name in made)
    password = made["database_password"]
    assert len(password) == 48
    assert f":kunak:{password}\n" in made["pgpass"]
    assert f"//kunak:{password}@db:5432/kunak" in made["database_url"]
    # Once more: what is there stays, or the guests would lose their cards and the server its database.
    subprocess.run(command, env=environment, check=True, capture_output=True)
    assert {file.name: file.read_text() for file in (tmp_path / "secrets").iterdir()} == made


def test_every_part_is_declared_and_every_declared_part_is_used() -> None:
    used: dict[str, set[str]] = {"secrets": set(), "networks": set(), "volumes": set()}
    for service in services().values():
        used["secrets"] |= set(service.get("secrets", []))
        used["networks"] |= set(service.get("networks", []))
        for volume in service.get("volumes", []):
            source = filled(volume).split(":")[0]
            if source.startswith("./"):
                assert (ROOT / source).exists() or source == "./backups", source
            elif not source.startswith("/"):
                used["volumes"].add(source)
    for part, names in used.items():
        assert names == set(compose()[part]), part


def test_services_wait_only_for_what_can_be_waited_for() -> None:
    for name, service in services().items():
        for other, terms in service.get("depends_on", {}).items():
            assert other in services(), f"{name} waits for {other}"
            if terms["condition"] == "service_healthy":
                assert "healthcheck" in services()[other], f"{name} waits for {other} for ever"
            if terms["condition"] == "service_completed_successfully":
                assert other in ONE_SHOT


@pytest.mark.parametrize("name", sorted(ours()))
def test_settings_of_our_processes_are_settings_of_kunak(name: str, tmp_path: Path) -> None:
    (tmp_path / "database_url").write_text("postgresql://kunak:word@db:5432/kunak\n")
    environment = {
        variable: filled(str(value)).replace("/run/secrets", str(tmp_path))
        for variable, value in services()[name]["environment"].items()
    }
    settings = Settings.load(environment)
    assert settings.database_url == "postgresql://kunak:word@db:5432/kunak"
    assert settings.worker == "apart"
    assert settings.base_url == f"https://{example()['KUNAK_DOMAIN']}"


@pytest.mark.parametrize("name", sorted(ours()))
def test_commands_of_our_processes_exist(name: str) -> None:
    commands = [services()[name]["command"]]
    check = services()[name].get("healthcheck", {}).get("test", [])
    if check[1:2] == ["kunak"]:
        commands.append(check[2:])
    for words in commands:
        assert command_of(words), " ".join(words)


def test_env_example_names_what_compose_asks_for() -> None:
    asked = {found[1] for text in texts(compose()) for found in ASKED.finditer(text)} - {"KUNAK_VERSION"}
    assert asked == example().keys()
