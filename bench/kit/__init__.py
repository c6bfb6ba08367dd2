"""What the scripts of bench/ share: storage roots, workers, the comparator, tables."""
