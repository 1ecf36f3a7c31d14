"""What connects the core to the world: one module or package for each SDK, none knows another."""
