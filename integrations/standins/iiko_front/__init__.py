"""A restaurant with iikoFront and our plugin in it, that plays whole shifts from a script over real HTTP."""
