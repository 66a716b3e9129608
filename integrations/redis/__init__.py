"""Redis as an accelerator. Nothing in it is a fact: it may be slow, frozen, flushed or gone."""
