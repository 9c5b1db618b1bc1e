"""The search core: it answers queries, compiled where there is a compiler, else interpreted."""
