"""How long an event takes from `publish()` to a live subscriber and to a visible row, hop by hop."""
