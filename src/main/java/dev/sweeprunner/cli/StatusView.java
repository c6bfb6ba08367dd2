package dev.sweeprunner.cli;

import java.io.PrintStream;
import java.util.List;

/** Prints where every point of some sweeps stands. */
interface StatusView {
  /** Prints and flushes. */
  void print(List<Overview> sweeps, PrintStream out);
}
