"""The programme as everybody may read it: tiers, partners, rules, documents, and the discount to expect."""
