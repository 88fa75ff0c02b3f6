"""Reading fans, power supplies and temperature sensors out of any output that lists them."""
