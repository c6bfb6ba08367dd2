package dev.sweeprunner.testkit.wandb;

import org.jspecify.annotations.Nullable;

/** How a request ended; status 0 is a dropped connection. */
record Outcome(int status, int bytes, @Nullable Fault fault) {}
