"""The staff: entering with two factors, sessions, people, rights with scopes, and four eyes."""
