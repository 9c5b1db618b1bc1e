"""Settings with a single concept: those that we ship take each process seconds to load."""

from pathlib import Path

FEW_CONCEPTS_FILE = Path(__file__).with_name("concepts.txt")
FEW_CONCEPTS = f'\n[index]\nconcepts = "{FEW_CONCEPTS_FILE}"\n'
