"""What happens in a cell besides conduction, charge transfer and diffusion: one file each."""
