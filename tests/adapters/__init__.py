"""The adapters against the real thing, or a fake server of it."""
