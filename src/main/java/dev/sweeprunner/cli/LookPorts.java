package dev.sweeprunner.cli;

import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.WorkerReport;
import dev.sweeprunner.run.judge.HomeCluster;
import dev.sweeprunner.run.judge.Observer;
import dev.sweeprunner.run.judge.Survey;
import java.time.Duration;

/**
 * Where the commands read from.
 *
 * @param claims the lock directory
 * @param observer gathers facts and has them judged
 * @param survey looks at whole sweeps
 * @param workers what workers say of themselves
 * @param clock tells time, for ages only
 * @param expiry how long a beat must be watched standing still before a takeover
 * @param home which runs belong to this cluster first
 * @param root where all of this lies
 */
public record LookPorts(
    Claims claims,
    Observer observer,
    Survey survey,
    WorkerReport workers,
    Clock clock,
    Duration expiry,
    HomeCluster home,
    LookedAt root) {}
