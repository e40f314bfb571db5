"""What the package says about a published statement: one function per kind of statement.

A claim names its function as `module.function`. It takes the library, which keeps a record
of every number it hands out, and the conditions that the claim gives in SI units; it returns
the predicted numbers by name, or a Finding.
"""
