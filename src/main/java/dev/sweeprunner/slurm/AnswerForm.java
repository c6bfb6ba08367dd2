package dev.sweeprunner.slurm;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.slurm.Squeue.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * An answer of Slurm in a file that others read: the host's, and the storage root's.
 *
 * @param generation counts the answers of a storage root
 * @param said by the clock of the host that asked: squeue counted the times in it by that one
 * @param server by the clock of whoever keeps the storage root's files
 * @param snapshot what was said; its times are this process's
 */
record AnswerForm(long generation, Instant said, Instant server, Snapshot snapshot) {
  /** As a file's members. */
  Map<String, Object> members(SlurmSite site, Answer.Jobs jobs) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("generation", generation);
    members.put("said", said.toString());
    members.put("server", server.toString());
    members.put("controller", site.controller());
    members.put("kill_wait", site.killWait().toSeconds());
    members.put("about", snapshot.about().stream().sorted().toList());
    members.put("unknown", snapshot.unknown().stream().sorted().toList());
    members.put("squeue", jobs.text());
    return members;
  }

  /** From such members; a snapshot that was asked for and counted at these nanoseconds. */
  static AnswerForm of(Fields in, long asked, long counted) throws UnreadableJson {
    SlurmSite site =
        new SlurmSite(in.text("controller"), Duration.ofSeconds(in.number("kill_wait")));
    return new AnswerForm(
        in.number("generation"),
        Instant.parse(in.text("said")),
        Instant.parse(in.text("server")),
        new Snapshot(
            asked,
            counted,
            site,
            Set.copyOf(in.texts("about")),
            Squeue.read(in.text("squeue")),
            Set.copyOf(in.texts("unknown"))));
  }
}
