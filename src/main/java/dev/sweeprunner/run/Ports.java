package dev.sweeprunner.run;

/**
 * What a worker needs of the world while it holds a run.
 *
 * @param conclusion concludes ended logs
 * @param node knows whether this node fails too often
 * @param training trains
 * @param checkpoints keeps states
 * @param journal keeps rows
 * @param telemetry tells a tracking service
 * @param narrator tells a person
 * @param reporter tells other processes of this storage root
 * @param clock tells time
 * @param pause waits
 * @param stop says when to leave
 * @param budget knows what still fits into the time granted
 * @param trace records for tests
 */
public record Ports(
    Conclusion conclusion,
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
