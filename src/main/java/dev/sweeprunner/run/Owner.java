package dev.sweeprunner.run;

import org.jspecify.annotations.Nullable;

/**
 * One life of one worker process, precise enough that a process of the same boot can prove its
 * death.
 *
 * @param incarnation random id of this process
 * @param worker the worker's name
 * @param cluster a name, never evidence
 * @param host host name, for people
 * @param machineId identity of the installation; empty if unreadable
 * @param bootId identity of this boot; empty if unreadable
 * @param pid process id within its namespace
 * @param pidStart start time of the process in clock ticks since boot; empty if unreadable
 * @param pidNamespace inode of the pid namespace; empty if unreadable
 * @param user the user's name
 * @param device what trains, for example {@code cpu} or {@code cuda:0 NVIDIA H100}
 * @param slurm the Slurm task, or null
 */
public record Owner(
    String incarnation,
    String worker,
    String cluster,
    String host,
    String machineId,
    String bootId,
    long pid,
    String pidStart,
    String pidNamespace,
    String user,
    String device,
    @Nullable SlurmTask slurm) {}
