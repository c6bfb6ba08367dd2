/**
 * Where and as whom W&amp;B is spoken to, read as the official client reads it: environment,
 * settings files, netrc. A key never leaves this room except inside a {@link
 * dev.sweeprunner.wandb.settings.Credential}, which does not print it.
 */
@NullMarked
package dev.sweeprunner.wandb.settings;

import org.jspecify.annotations.NullMarked;
