"""Everything that can be paid for through the acquirer, by its kind."""

from typing import Final

from services.bookings import paying as bookings
from services.payments.subjects import subjects_of
from services.shop import paying as shop

SUBJECTS: Final = subjects_of(bookings.SUBJECT, shop.SUBJECT)
