"""The literature register: every published statement with a status that is computed."""
