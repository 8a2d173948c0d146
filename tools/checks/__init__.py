"""The rules of tools/tidy, one concern a module. Each has check(source) → findings."""
