"""YooKassa: payments on its page, refunds, and what it posts. Its contract: docs/acquirer.md."""
