"""The one place where a refusal becomes GraphQL: `Problem` in mutations, a coded error everywhere else."""

from typing import Any

import strawberry
from strawberry.types.field import StrawberryField

from graph.context import Context
from graph.words import sentence
from loyalty.refusals import Code, Refusal

strawberry.enum(Code, name="ProblemCode", description="Why a request was refused. The list grows, names never change.")


@strawberry.type(description="The request was understood and refused; nothing has changed.")
class Problem:
    """A refusal as the caller reads it."""

    code: Code
    message: str = strawberry.field(description="A sentence in the reader's language that says what to do.")
    field: str | None = strawberry.field(description="Path of the refused value, such as `input.lines.0.amount`.")
    retryable: bool = strawberry.field(description="Whether the same request may succeed later.")
    retry_after_seconds: int | None
    request_id: str = strawberry.field(description="Names this request in our log.")


def problem(refusal: Refusal, context: Context) -> Problem:
    """The refusal in the language of the request."""
    return Problem(
        code=refusal.code,
        message=sentence(refusal.words, context.locale, refusal.facts),
        field=refusal.field,
        retryable=refusal.retryable,
        retry_after_seconds=refusal.retry_after_seconds,
        request_id=context.request_id,
    )


class Refusals(strawberry.ExceptionHandler[Refusal, Problem]):
    """Turns a refusal into the `Problem` of a mutation's union."""

    def handle(self, exception: Refusal, *, field: StrawberryField, info: strawberry.Info[Any, Any]) -> Problem:
        """The problem for this refusal; which field was asked makes no difference."""
        _ = field
        return problem(exception, info.context)
