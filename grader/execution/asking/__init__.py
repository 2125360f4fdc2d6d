"""What is asked of the student's own code once the notebook has run: probes, made for each."""
