"""Tortoise's picture of the models at each migration, made no larger than our migrations need it.

Tortoise copies every model before every operation and builds the filters and queries of all of them anew, so that an
operation may look at the state before it and a migration in Python may ask the database through models. Ours ask by SQL
alone, and few look back: nine tenths of the time of a first start went into pictures that nobody looked at.
"""

from typing import Any

from tortoise.migrations.executor import MigrationExecutor
from tortoise.migrations.graph import MigrationKey
from tortoise.migrations.schema_generator.state import State
from tortoise.migrations.schema_generator.state_apps import StateApps


class Sketches(StateApps):
    """Models with their tables, columns and indexes, and without what asks the database through them."""

    def _build_initial_querysets(self) -> None:
        for app in self.apps.values():
            for model in app.values():
                if model._meta._inited:  # noqa: SLF001 - as tortoise does in the method this replaces
                    model._meta.finalise_fields()  # noqa: SLF001
                    model._meta._resolve_index_expressions()  # noqa: SLF001


class Projected(State):
    """A state whose copy is made into models only when an operation looks at them."""

    def clone(self) -> "Projected":
        """The state as it is now, whatever becomes of this one."""
        copied = Projected.__new__(Projected)
        copied.models = {key: model.clone() for key, model in self.models.items()}
        copied.__dict__["alike"] = self.apps
        return copied

    def __getattr__(self, name: str) -> Any:
        if name != "apps":
            raise AttributeError(name)
        self.apps = self.__dict__["alike"].clone(model_states=self.models)
        return self.apps


class Migrator(MigrationExecutor):
    """Tortoise's executor with states of our own."""

    async def _project_state(self, applied: set[MigrationKey], *, upto: MigrationKey | None = None) -> State:
        state = self._nothing()
        for key in self._full_plan():
            if key == upto:
                break
            if key in applied:
                await self._follow(state, key)
        return state

    async def _project_state_cache(self, applied: set[MigrationKey]) -> dict[MigrationKey, State]:
        state, before = self._nothing(), dict[MigrationKey, State]()
        for key in self._full_plan():
            if key in applied:
                before[key] = state.clone()
                await self._follow(state, key)
        return before

    def _nothing(self) -> State:
        """What stands before the first migration."""
        apps = self.loader.apps_config.items()
        connections = {label: config.get("default_connection", "default") for label, config in apps}
        return Projected(models={}, apps=Sketches(default_connections=connections))

    async def _follow(self, state: State, key: MigrationKey) -> None:
        migration = self.loader.graph.nodes[key]
        if migration is None:
            raise LookupError(key.name)
        await migration.apply(state, dry_run=True, schema_editor=None)
