"""What happened to each release, and which texts has it had? Both only grow."""
