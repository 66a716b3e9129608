"""The member's card and the keys its rotating code is drawn with."""
