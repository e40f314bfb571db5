"""From the states of a run to its result: series, profiles, ledger, quantities of a cycle."""
