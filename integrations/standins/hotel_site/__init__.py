"""A hotel's own site, as a stand-in: pages of another origin with the widget on them, ordinary and difficult ones."""
