"""The worker's part in a test: whatever is due at a moment is done, with everything that it causes."""

from datetime import datetime

from integrations.ports import Mailer
from jobs.registry import Tools
from jobs.running import KINDS
from jobs.worker import Worker
from services.gateways import Gateways
from services.resources import Resources
from tests.makers.mail import RememberingMailer


async def work_off(resources: Resources, gateways: Gateways, now: datetime, *, mailer: Mailer | None = None) -> int:
    """Run every job that is due, until none is; say how many ran."""
    tools = Tools(resources=resources, mailer=mailer or RememberingMailer(), gateways=gateways)
    worker, done = Worker(KINDS, tools, lambda: now), 0
    while taken := await worker.take(now):
        await worker.settled()
        done += taken
    return done
