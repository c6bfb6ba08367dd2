package dev.sweeprunner.run;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** An owner as a JSON object: one order of members, in the three spellings that files have. */
public enum OwnerForm {
  /** In the reports of workers and in {@code meta.json}. */
  REPORT("machine_id boot_id pid_start pid_namespace job_id array_job_id array_task restart_count"),
  /** In the records of a claim log. */
  CLAIM("machine_id boot_id pid_start pidns job array_job array_task restart_count"),
  /** In the slots of a worker's name. */
  NAME("machineId bootId pidStart pidNamespace jobId arrayJobId arrayTask restartCount");

  private static final String INCARNATION = "incarnation";

  private final List<String> names;

  OwnerForm(String names) {
    this.names = List.of(names.split(" "));
  }

  /**
   * All members, absent ones as null.
   *
   * @param words shortens what is for people only
   */
  public Map<String, @Nullable Object> members(Owner owner, UnaryOperator<String> words) {
    var members = new LinkedHashMap<String, @Nullable Object>();
    members.put(INCARNATION, owner.incarnation());
    members.put("worker", words.apply(owner.worker()));
    members.put("cluster", words.apply(owner.cluster()));
    members.put("host", words.apply(owner.host()));
    members.put(names.get(0), owner.machineId());
    members.put(names.get(1), owner.bootId());
    members.put("pid", owner.pid());
    members.put(names.get(2), owner.pidStart());
    members.put(names.get(3), owner.pidNamespace());
    members.put("user", words.apply(owner.user()));
    members.put("device", words.apply(owner.device()));
    members.put("slurm", owner.slurm() == null ? null : members(owner.slurm()));
    return members;
  }

  /** All members as they are. */
  public Map<String, @Nullable Object> members(Owner owner) {
    return members(owner, UnaryOperator.identity());
  }

  private Map<String, @Nullable Object> members(SlurmTask task) {
    var members = new LinkedHashMap<String, @Nullable Object>();
    members.put(names.get(4), task.jobId());
    members.put(names.get(5), task.arrayJobId());
    members.put(names.get(6), task.arrayTask());
    members.put(names.get(7), task.restartCount());
    members.put("node", task.node());
    members.put("controller", task.controller());
    return members;
  }

  /**
   * Reads what {@link #members} gave.
   *
   * @throws UnreadableJson if nothing tells the process from others
   */
  public Owner owner(Fields in) throws UnreadableJson {
    Fields slurm = in.objectOrNull("slurm");
    return new Owner(
        this == REPORT ? in.textOr(INCARNATION, "") : in.text(INCARNATION),
        in.textOr("worker", ""),
        in.textOr("cluster", ""),
        in.textOr("host", ""),
        in.textOr(names.get(0), ""),
        in.textOr(names.get(1), ""),
        in.number("pid"),
        in.textOr(names.get(2), ""),
        in.textOr(names.get(3), ""),
        in.textOr("user", ""),
        in.textOr("device", ""),
        slurm == null ? null : task(slurm));
  }

  private SlurmTask task(Fields in) throws UnreadableJson {
    return new SlurmTask(
        in.text(names.get(4)),
        in.textOrNull(names.get(5)),
        in.textOrNull(names.get(6)),
        in.integer(names.get(7)),
        in.textOrNull("node"),
        in.textOr("controller", ""));
  }
}
