"""Running a document: variables are read, graphql-core executes, errors are told. No machinery of extensions.

Strawberry builds the schema; its own `execute` would add a context, a runner and a stack of extensions to every
request, none of which we need once documents are read by `graph/documents.py`.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeGuard, cast

from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    OperationType,
    create_source_event_stream,
    map_source_to_response_event,
)
from strawberry.execution import optimized_is_awaitable

from graph.arguments import shortened
from graph.context import Context
from graph.documents import Document, refused
from graph.executor import Executor
from graph.faults import Told, document_refused, told
from graph.guard import ALLOWANCE
from graph.rows import rows
from loyalty.refusals import Code, Refusal

REQUEST_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: whether the operation ran at all, and the body of the answer."""

    ran: bool
    body: dict[str, Any]


def not_run(error: Told) -> Answer:
    """The answer to an operation that was refused before it ran."""
    return Answer(False, {"errors": [error]})


class Executing:
    """Runs documents against one schema."""

    def __init__(self, schema: GraphQLSchema, *, seconds: float = REQUEST_SECONDS) -> None:
        self._schema = schema
        self._seconds = seconds

    async def run(
        self, document: Document, variables: Mapping[str, Any], context: Context, *, open_schema: bool = False
    ) -> Answer:
        """Run a query or a mutation."""
        if document.kind is OperationType.SUBSCRIPTION:
            return not_run(refused("Subscriptions go over a WebSocket.").told)
        if document.answer is not None:
            return Answer(True, document.answer)
        executor = self._executor(document, variables, context, open_schema=open_schema)
        if isinstance(executor, Answer):
            return executor
        try:
            async with asyncio.timeout(self._seconds):
                result = executor.execute_operation()
                if optimized_is_awaitable(result):
                    result = await cast("Awaitable[ExecutionResult]", result)
        except TimeoutError:
            late = Refusal(Code.BUSY, "busy", retryable=True, retry_after_seconds=1)
            result = ExecutionResult(None, [GraphQLError("late", original_error=late)])
        answer = self._answer(cast("ExecutionResult", result), document, context)
        if document.asks_schema_only and not variables and "errors" not in answer.body:
            document.answer = answer.body
        return answer

    async def events(
        self,
        document: Document,
        variables: Mapping[str, Any],
        make_context: Callable[[], Context],
        *,
        open_schema: bool = False,
    ) -> AsyncGenerator[Answer, None]:
        """Run a subscription: one answer for each event, or a single one that says why not.

        Every event is resolved in a context of its own, so that it has its own moment and reads nothing twice.
        """
        context = make_context()
        executor = self._executor(document, variables, context, open_schema=open_schema)
        if isinstance(executor, Answer):
            yield executor
            return
        source: Any = create_source_event_stream(executor)
        if optimized_is_awaitable(source):
            source = await source
        if isinstance(source, ExecutionResult):
            yield Answer(False, self._answer(source, document, context).body)
            return

        def run_event(event: Any) -> Any:
            event.context_value = make_context()
            return event.execute_operation(serially=False)

        stream = map_source_to_response_event(executor, source, run_event)
        try:
            async for result in stream:
                yield self._answer(result, document, context)
        except Exception as fault:  # noqa: BLE001 - whatever broke, the listener is told and we log it
            ended = GraphQLError("ended", original_error=fault)
            yield Answer(False, self._answer(ExecutionResult(None, [ended]), document, context).body)
        finally:
            await stream.aclose()

    def _executor(
        self, document: Document, variables: Mapping[str, Any], context: Context, *, open_schema: bool
    ) -> "Executor | Answer":
        if document.pages and rows(document.pages, variables) > ALLOWANCE.rows:
            return not_run(refused(f"The document asks for too much: rows: {ALLOWANCE.rows} at most.").told)
        executor = Executor.build(
            self._schema,
            document.node,
            context_value=context,
            raw_variable_values=shortened(variables),
            max_coercion_errors=1,
            is_awaitable=cast("Callable[[Any], TypeGuard[Awaitable[Any]]]", optimized_is_awaitable),
            hide_suggestions=True,
            operation_extensions={},
            plans=document.plans_for(variables),
        )
        if isinstance(executor, list):
            return not_run(document_refused(executor, open_schema=open_schema))
        return cast("Executor", executor)

    @staticmethod
    def _answer(result: ExecutionResult, document: Document, context: Context) -> Answer:
        if not result.errors:
            return Answer(True, {"data": result.data})
        errors = told(result.errors, context, operation=document.name, document=document.digest)
        return Answer(True, {"data": result.data, "errors": errors})
