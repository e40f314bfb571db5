"""Text and files at the border: quantities with units, YAML documents."""
