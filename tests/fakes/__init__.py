"""Stand-ins for the platforms, spoken to over loopback by the real SDKs."""
