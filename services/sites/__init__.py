"""Partners' own sites: what their widget tells, and what members allow them."""
