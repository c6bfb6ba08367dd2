package dev.sweeprunner.relay.files;

import dev.sweeprunner.files.FileSystem;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a store of a program's files works with.
 *
 * @param disk changes files
 * @param address what stands before the path of every upload's URL, without a slash at its end;
 *     what {@link ProgramFiles#put} is given is what follows it
 * @param chance draws at least 128 bits as letters and digits, unguessable, another text each time
 * @param said takes a sentence for the user; each is said once
 */
public record StorePorts(
    FileSystem disk, String address, Supplier<String> chance, Consumer<String> said) {}
