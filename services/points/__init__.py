"""Points of members: read as of a moment, reserved at a till, confirmed on a phone, earned and given back."""
