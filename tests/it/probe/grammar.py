"""The collector's script by the grammar of PowerShell (tree-sitter-powershell): prints what does not
parse, and each command, type and assigned member that stands in it, one a line."""

import sys

import tree_sitter
import tree_sitter_powershell

parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))
source = open(sys.argv[1], "rb").read()
told = set()


def text(node):
    return source[node.start_byte:node.end_byte].decode()


def visit(node):
    if node.type == "ERROR" or node.is_missing:
        line, column = node.start_point
        told.add(f"error {line + 1}:{column + 1}")
    if node.type == "command_name":
        told.add(f"command {text(node)}")
    if node.type == "type_literal":
        told.add(f"type {text(node)}")
    if node.type == "invokation_expression":
        told.add(f"call {text(node).split('(')[0].split('.')[-1].split(':')[-1]}")
    for child in node.children:
        visit(child)


visit(parser.parse(source).root_node)
print("\n".join(sorted(told)))
