"""What is done to a cell: steps as values, and the sentences that stand for them."""
