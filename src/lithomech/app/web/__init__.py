"""The workbench: a page on 127.0.0.1 that shows what a cell does while its keys change."""
