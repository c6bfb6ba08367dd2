package dev.sweeprunner.cli.status;

import java.io.PrintStream;
import java.util.List;

/** Prints where every point of some sweeps stands. */
interface StatusView {
  /** Prints and flushes. */
  void print(List<SweepStatus> sweeps, PrintStream out);
}
