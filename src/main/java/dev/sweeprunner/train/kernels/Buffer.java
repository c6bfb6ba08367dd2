package dev.sweeprunner.train.kernels;

/**
 * Memory of a back end. Opaque: its place and arrangement are the back end's own, and only the
 * {@link Kernels} that made it can read or write it. Closing gives the memory back; a closed buffer
 * must not be used again.
 */
public sealed interface Buffer extends AutoCloseable permits Floats, Activation, Tokens, Total {
  @Override
  default void close() {}
}
