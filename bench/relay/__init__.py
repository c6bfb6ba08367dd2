"""What the scripts of bench/relay share: sweeps of programs that log, and what W&B was told of them."""
