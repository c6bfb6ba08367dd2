package dev.sweeprunner.run.work;

import dev.sweeprunner.run.Checkpoints;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Journal;
import dev.sweeprunner.run.Narrator;
import dev.sweeprunner.run.Pause;
import dev.sweeprunner.run.StopSignal;
import dev.sweeprunner.run.Telemetry;
import dev.sweeprunner.run.TimeBudget;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.run.Training;

/**
 * What a worker needs of the world while it holds a run.
 *
 * @param closer concludes ended logs
 * @param node knows whether this node fails too often
 * @param training trains
 * @param checkpoints keeps states
 * @param journal keeps rows
 * @param telemetry tells W&amp;B
 * @param narrator tells a person
 * @param reporter tells other processes of this storage root
 * @param clock tells time
 * @param pause waits
 * @param stop says when to leave
 * @param budget knows what still fits into the time granted
 * @param trace records for tests
 */
public record RunPorts(
    LogCloser closer,
    NodeHealth node,
    Training training,
    Checkpoints checkpoints,
    Journal journal,
    Telemetry telemetry,
    Narrator narrator,
    Reporter reporter,
    Clock clock,
    Pause pause,
    StopSignal stop,
    TimeBudget budget,
    Trace trace) {}
