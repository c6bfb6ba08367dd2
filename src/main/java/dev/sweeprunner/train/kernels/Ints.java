package dev.sweeprunner.train.kernels;

/** 32-bit whole numbers: token ids, targets, compartment ids. */
public non-sealed interface Ints extends Buffer {
  int length();
}
