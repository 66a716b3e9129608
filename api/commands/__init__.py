"""The commands of `kunak`, a file a subject."""
