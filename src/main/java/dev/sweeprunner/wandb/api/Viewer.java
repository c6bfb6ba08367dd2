package dev.sweeprunner.wandb.api;

import org.jspecify.annotations.Nullable;

/**
 * Whom the key belongs to.
 *
 * @param entity where its runs go by default, or null (some service accounts have none)
 * @param username for people
 */
public record Viewer(@Nullable String entity, String username) {}
