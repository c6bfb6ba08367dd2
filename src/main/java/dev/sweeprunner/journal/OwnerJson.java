package dev.sweeprunner.journal;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.SlurmTask;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A process in the files of this room. */
final class OwnerJson {
  private OwnerJson() {}

  static Map<String, @Nullable Object> members(Owner owner) {
    var members = new LinkedHashMap<String, @Nullable Object>();
    members.put("incarnation", owner.incarnation());
    members.put("worker", owner.worker());
    members.put("cluster", owner.cluster());
    members.put("host", owner.host());
    members.put("machine_id", owner.machineId());
    members.put("boot_id", owner.bootId());
    members.put("pid", owner.pid());
    members.put("pid_start", owner.pidStart());
    members.put("pid_namespace", owner.pidNamespace());
    members.put("user", owner.user());
    members.put("device", owner.device());
    var slurm = owner.slurm();
    members.put("slurm", slurm == null ? null : members(slurm));
    return members;
  }

  static Owner of(Fields in) throws UnreadableJson {
    var slurm = in.objectOrNull("slurm");
    return new Owner(
        in.textOr("incarnation", ""),
        in.text("worker"),
        in.textOr("cluster", ""),
        in.textOr("host", ""),
        in.textOr("machine_id", ""),
        in.textOr("boot_id", ""),
        in.number("pid"),
        in.textOr("pid_start", ""),
        in.textOr("pid_namespace", ""),
        in.textOr("user", ""),
        in.textOr("device", ""),
        slurm == null ? null : slurm(slurm));
  }

  private static Map<String, @Nullable Object> members(SlurmTask slurm) {
    var members = new LinkedHashMap<String, @Nullable Object>();
    members.put("job_id", slurm.jobId());
    members.put("array_job_id", slurm.arrayJobId());
    members.put("array_task", slurm.arrayTask());
    members.put("restart_count", slurm.restartCount());
    members.put("node", slurm.node());
    members.put("controller", slurm.controller());
    return members;
  }

  private static SlurmTask slurm(Fields in) throws UnreadableJson {
    return new SlurmTask(
        in.text("job_id"),
        in.textOrNull("array_job_id"),
        in.textOrNull("array_task"),
        in.integer("restart_count"),
        in.textOrNull("node"),
        in.textOr("controller", ""));
  }
}
