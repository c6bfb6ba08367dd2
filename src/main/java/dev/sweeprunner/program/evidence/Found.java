package dev.sweeprunner.program.evidence;

import java.nio.file.Path;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * A whole checkpoint of a program.
 *
 * @param path the file or folder
 * @param iter its iteration, if anything tells it
 * @param layout the rule's name: {@code earlier}, {@code huggingface}, {@code lightning}, {@code
 *     nanogpt}, {@code torchrun}, or {@code pattern} for the user's
 * @param bytes of all its files
 * @param changed its newest change, by the clock of whoever keeps the files
 */
public record Found(Path path, OptionalLong iter, String layout, long bytes, Instant changed) {}
