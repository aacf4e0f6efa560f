#!/usr/bin/env -S uv run --script
# /// script
# dependencies = ["nox>=2025.2.9"]
# ///
"""The project's tasks by name: ``nox -l`` lists them, ``nox -s tests`` runs one."""

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv|virtualenv"


def install(session: nox.Session, *groups: str) -> None:
    """The package as it is here with what tests need, torch as it is tested, and some dependency groups."""
    project = nox.project.load_toml("pyproject.toml")
    session.install(
        "-c", "constraints.txt", "-e", ".[test]", *nox.project.dependency_groups(project, *groups)
    )


@nox.session
def check(session: nox.Session) -> None:
    """Style, types and floors."""
    install(session)
    session.run("scripts/check", external=True)


@nox.session
def tests(session: nox.Session) -> None:
    """The tests, as in README; what follows ``--`` goes to pytest."""
    install(session)
    session.run("pytest", "-n", "auto", *session.posargs)


@nox.session(default=False)
def site(session: nox.Session) -> None:
    """The pages as a site, with checked links."""
    install(session, "docs")
    session.run("scripts/site", external=True)


@nox.session(default=False, venv_backend="none")
def floors(session: nox.Session) -> None:
    """The tests with the lowest versions of the dependencies."""
    session.run("scripts/floors", external=True)


@nox.session(default=False)
def release(session: nox.Session) -> None:
    """Wheel and source, built and checked."""
    install(session, "release")
    session.run("scripts/release", *session.posargs, external=True)


if __name__ == "__main__":
    nox.main()
