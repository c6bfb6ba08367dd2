package dev.sweeprunner.program;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Pause;
import dev.sweeprunner.run.Relay;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What programs are run with, whatever the sweep.
 *
 * @param environment the worker's own variables
 * @param workingDirectory the worker's, absolute
 * @param lease after how long without a renewed claim a program is ended: within it nobody else can
 *     have taken the run
 * @param wandbMode what the user wants of W&amp;B for the program: {@code offline} or {@code
 *     disabled}
 * @param relay where programs log to; empty where they are to talk to W&amp;B themselves
 */
public record ProgramSite(
    FileSystem files,
    Layout layout,
    Clock clock,
    Pause pause,
    Map<String, String> environment,
    Path workingDirectory,
    Duration lease,
    Optional<String> wandbMode,
    Optional<Relay> relay) {}
