package dev.sweeprunner.wandb.api;

/** A run's address at W&amp;B. */
public record RunPath(String entity, String project, String runId) {}
