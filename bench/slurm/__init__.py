"""What slurm-test consists of: a Slurm, workers in its jobs, and a module for each case."""
