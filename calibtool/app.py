"""Put the window together and run it."""
