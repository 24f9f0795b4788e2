"""Names of services, teams, programmes and bodies: where they stand, and which of them are one thing."""
