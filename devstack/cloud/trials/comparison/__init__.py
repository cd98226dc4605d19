"""The comparison of Nova's own flags with Godwit: what is migrated in which way, and what follows from the measurements."""
