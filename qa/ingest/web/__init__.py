"""What was asked for by its address: fetched with care, from the open web alone, and only when the user says so."""
