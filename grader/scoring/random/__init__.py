"""Random results: simulated, their distributions compared, hypotheses told apart."""
