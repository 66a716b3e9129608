"""How many rows the pages of a document may bring: known as a sum of products before anything is read."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
)

from graph.paging import PAGE_MOST

Factor = int | tuple[str, int]
"""A number of rows, or the variable that holds it with the default of that variable."""
Product = tuple[Factor, ...]


def pages(document: DocumentNode, schema: GraphQLSchema) -> tuple[Product, ...]:
    """One product for each paged field. The document is valid and within the guard, so that the walk is short."""
    found: list[Product] = []
    for operation in document.definitions:
        if isinstance(operation, OperationDefinitionNode) and (root := schema.get_root_type(operation.operation)):
            found += _Walk(document, operation, schema).below(operation.selection_set, root, ())
    return tuple(found)


class _Walk:
    def __init__(self, document: DocumentNode, operation: OperationDefinitionNode, schema: GraphQLSchema) -> None:
        self.schema = schema
        self.fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self.defaults = {
            part.variable.name.value: int(part.default_value.value)
            for part in operation.variable_definitions or ()
            if isinstance(part.default_value, IntValueNode)
        }

    def below(self, selections: SelectionSetNode, parent: GraphQLNamedType, above: Product) -> Iterator[Product]:
        """The products of the paged fields of a selection, each with the pages it stands in."""
        for node in selections.selections:
            kind, product = self._kind(node, parent), above
            if isinstance(node, FragmentSpreadNode):
                inside: SelectionSetNode | None = self.fragments[node.name.value].selection_set
            elif isinstance(node, FieldNode):
                inside = node.selection_set
                if factor := self._first(node, parent):
                    product = (*above, factor)
                    yield product
            else:
                inside = node.selection_set if isinstance(node, InlineFragmentNode) else None
            if inside and kind:
                yield from self.below(inside, kind, product)

    def _kind(self, node: SelectionNode, parent: GraphQLNamedType) -> GraphQLNamedType | None:
        if isinstance(node, FieldNode):
            field = parent.fields.get(node.name.value) if isinstance(parent, GraphQLObjectType) else None
            return get_named_type(field.type) if field else None
        condition = node.type_condition if isinstance(node, InlineFragmentNode) else None
        if isinstance(node, FragmentSpreadNode):
            condition = self.fragments[node.name.value].type_condition
        return self.schema.get_type(condition.name.value) if condition else parent

    def _first(self, node: FieldNode, parent: GraphQLNamedType) -> Factor | None:
        field = parent.fields.get(node.name.value) if isinstance(parent, GraphQLObjectType) else None
        if field is None or "first" not in field.args:
            return None
        usual = field.args["first"].default_value
        usual = usual if isinstance(usual, int) else PAGE_MOST
        given = next((part.value for part in node.arguments or () if part.name.value == "first"), None)
        if isinstance(given, VariableNode):
            name = given.name.value
            return name, self.defaults.get(name, usual)
        return int(given.value) if isinstance(given, IntValueNode) else usual


def rows(products: tuple[Product, ...], variables: Mapping[str, Any]) -> int:
    """The most rows these pages bring with these variables; sizes out of bounds are refused by their own field."""
    total = 0
    for product in products:
        amount = 1
        for factor in product:
            wanted = variables.get(factor[0], factor[1]) if isinstance(factor, tuple) else factor
            amount *= min(max(wanted, 1), PAGE_MOST) if isinstance(wanted, int) else PAGE_MOST
        total += amount
    return total
