"""`kunak staff`: the people of the panel, as far as the terminal goes."""

from typing import Annotated

import typer

from api.clock import now
from api.commands.telling import in_house, out, with_resources
from services.staff import operating
from services.staff.inviting import Form

app = typer.Typer(help="People of the panel.", no_args_is_help=True)


@app.command()
def add(
    email: Annotated[str, typer.Argument(help="Address the person signs in with.")],
    role: Annotated[str, typer.Option(help="Code of a role: owner, partner-manager, cashier-lead, analyst …")],
    name: Annotated[str | None, typer.Option(help="What people call them; without it the address.")] = None,
    partner: Annotated[
        str | None, typer.Option(help="Slug of the partner they belong to; the role holds there.")
    ] = None,
) -> None:
    """Add somebody with a role and print a link that works once: they choose a password and a second factor by it."""
    form = Form(email=email, name=name or email, partner=partner, comment=None)
    opened = with_resources(lambda resources: operating.add(form, role, resources=resources, now=now()))
    out.print(f"staff  {opened.staff.id}")
    out.print(f"link   {opened.link}", markup=False)


@app.command("list")
def list_all() -> None:
    """List the people of the panel with their state, place and grants' count."""
    for one in in_house(lambda _: operating.everybody()):
        place = one.partner or "programme"
        rights = len(one.access.scopes)
        out.print(f"{one.email:<40} {one.status:<8} {place:<20} {rights:>2} rights  {one.name}", markup=False)


@app.command("reset-totp")
def reset_totp(
    email: Annotated[str, typer.Argument(help="Address of the person.")],
    reason: Annotated[str, typer.Option(help="Why; it stands in the log.")],
) -> None:
    """Make password and second factor of somebody void, end their sessions, and print a link to choose both anew."""
    opened = with_resources(lambda resources: operating.reset(email, reason=reason, resources=resources, now=now()))
    out.print(f"link   {opened.link}", markup=False)
