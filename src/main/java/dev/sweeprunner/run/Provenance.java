package dev.sweeprunner.run;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a run's code came from, kept in {@code meta/} for each claim.
 *
 * @param commit the sweep file's commit, or null outside a work tree
 * @param diff uncommitted changes as a patch; empty if none
 * @param versions program, JVM, operating system: name to version
 */
public record Provenance(@Nullable String commit, String diff, Map<String, String> versions) {}
