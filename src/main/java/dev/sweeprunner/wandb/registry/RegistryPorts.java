package dev.sweeprunner.wandb.registry;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Pause;

/**
 * What a registry stands on.
 *
 * @param files where answers are shared
 * @param layout the storage root that shares them
 * @param clock ages go by it
 * @param pause how the first answer is waited for; a stop request ends it
 */
public record RegistryPorts(FileSystem files, Layout layout, Clock clock, Pause pause) {}
