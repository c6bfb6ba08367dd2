package dev.sweeprunner.train.kernels;

/** A number in double precision that operations add to or set, and {@link Kernels#take} reads. */
public non-sealed interface Total extends Buffer {}
