"""Which acts does a text cite? Regulations of the cabinet, laws, acts of the European Union, drafts."""
