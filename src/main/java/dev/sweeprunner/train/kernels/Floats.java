package dev.sweeprunner.train.kernels;

/** Float32 numbers that live as long as the model: a parameter, its gradient or its moments. */
public non-sealed interface Floats extends Buffer {
  int length();
}
