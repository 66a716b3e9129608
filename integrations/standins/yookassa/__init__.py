"""A stand-in for YooKassa: the documented contract over real HTTP, a page where nothing is paid, and faults to order."""
