package dev.sweeprunner.wandb.api;

/**
 * The answer to an upsert.
 *
 * @param storageId the server's own id
 * @param entity as the server names it
 * @param project as the server names it
 * @param inserted whether this call created the run
 * @param ambiguous whether an earlier try of this call may have reached the server too, so that
 *     {@code inserted} may be false although this process created the run
 */
public record Upserted(
    String storageId, String entity, String project, boolean inserted, boolean ambiguous) {}
