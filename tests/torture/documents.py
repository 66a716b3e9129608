"""What tills and phones send during a torture, written from the contract alone."""

from typing import Final

_PROBLEM: Final = "... on Problem { code message field }"
IDENTIFY: Final = (
    "mutation($scanId: UUID!, $code: String!) { identify(scanId: $scanId, code: $code) { __typename"
    f" ... on Identified {{ ticket }} {_PROBLEM} }} }}"
)
QUOTE: Final = (
    "mutation($input: QuoteInput!) { quotePurchase(input: $input) { __typename ... on Quote { id net points { toPay"
    f" hold {{ id points worth confirmation }} }} }} {_PROBLEM} }} }}"
)
POST: Final = (
    "mutation($input: PurchaseInput!) { postPurchase(input: $input) { __typename ... on PurchasePosted { points"
    " progress { accumulated } purchase { id receiptNumber net lines { id } points { earned spent } } }"
    f" ... on PriceChanged {{ message }} {_PROBLEM} }} }}"
)
REFUND: Final = (
    "mutation($input: RefundInput!) { refundPurchase(input: $input) { __typename ... on PurchaseRefunded"
    f" {{ purchase {{ id }} refund {{ id number net points {{ takenBack givenBack }} }} }} {_PROBLEM} }} }}"
)
CONFIRM: Final = (
    "mutation($id: UUID!) { confirmSpending(id: $id) { __typename ... on SpendingConfirmed { spending { id } }"
    f" {_PROBLEM} }} }}"
)
DECLINE: Final = (
    "mutation($id: UUID!) { declineSpending(id: $id) { __typename ... on SpendingDeclined { spending { id } }"
    f" {_PROBLEM} }} }}"
)
ASKED: Final = "{ me { points { available asked { id } } } }"
