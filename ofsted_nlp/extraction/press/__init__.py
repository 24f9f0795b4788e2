"""Stories of the press -> records: who says what of an inspection, and what the report says of it."""
