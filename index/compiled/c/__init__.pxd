"""What only C has, for modules of the core: the types and bodies of modules of the same names in `index/compiled/`."""
