/**
 * From a grid point to one run: defaults, TOML, overrides, presets, seed mirroring, canonical JSON,
 * run id, folder names.
 *
 * <p>Holds the one SHA-256, since every room that hashes knows this one.
 *
 * <p>Promises that the same file gives the same ids, bit for bit, as the runs that already exist.
 */
@NullMarked
package dev.sweeprunner.config;

import org.jspecify.annotations.NullMarked;
