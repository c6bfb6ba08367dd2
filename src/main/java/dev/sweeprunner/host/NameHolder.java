package dev.sweeprunner.host;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.SlurmTask;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON of a name's slot: the process that took it. */
final class NameHolder {
  private NameHolder() {}

  static byte[] encode(Owner owner) {
    var members = new LinkedHashMap<String, @Nullable Object>();
    members.put("incarnation", owner.incarnation());
    members.put("worker", owner.worker());
    members.put("cluster", owner.cluster());
    members.put("host", owner.host());
    members.put("machineId", owner.machineId());
    members.put("bootId", owner.bootId());
    members.put("pid", owner.pid());
    members.put("pidStart", owner.pidStart());
    members.put("pidNamespace", owner.pidNamespace());
    members.put("user", owner.user());
    members.put("device", owner.device());
    var slurm = owner.slurm();
    members.put("slurm", slurm == null ? null : members(slurm));
    return Json.bytes(members);
  }

  static Owner decode(byte[] content) throws UnreadableJson {
    var in = Fields.of(content);
    var slurm = in.objectOrNull("slurm");
    return new Owner(
        in.text("incarnation"),
        in.textOr("worker", ""),
        in.textOr("cluster", ""),
        in.text("host"),
        in.text("machineId"),
        in.text("bootId"),
        in.number("pid"),
        in.text("pidStart"),
        in.text("pidNamespace"),
        in.text("user"),
        in.textOr("device", ""),
        slurm == null ? null : slurm(slurm));
  }

  private static Map<String, @Nullable Object> members(SlurmTask slurm) {
    var members = new LinkedHashMap<String, @Nullable Object>();
    members.put("jobId", slurm.jobId());
    members.put("arrayJobId", slurm.arrayJobId());
    members.put("arrayTask", slurm.arrayTask());
    members.put("restartCount", slurm.restartCount());
    members.put("node", slurm.node());
    members.put("controller", slurm.controller());
    return members;
  }

  private static SlurmTask slurm(Fields in) throws UnreadableJson {
    return new SlurmTask(
        in.text("jobId"),
        in.textOrNull("arrayJobId"),
        in.textOrNull("arrayTask"),
        in.integer("restartCount"),
        in.textOrNull("node"),
        in.textOr("controller", ""));
  }
}
