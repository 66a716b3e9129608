"""Lighthouse on the pages that people open first, as a phone on a mobile network sees them."""
