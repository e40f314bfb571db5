"""One particle of active material: its grains and the stress between them."""
