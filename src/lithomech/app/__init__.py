"""What a person meets: the command line and the report. No physics here."""
