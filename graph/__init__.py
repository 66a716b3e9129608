"""The GraphQL face of Kunak: types, queries, mutations and who may call them; no rules and no writes of its own."""
