package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.json.Fields;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who has a run, as written into its config at W&amp;B.
 *
 * @param root identity of the lock directory: the same for all workers that share it
 * @param epoch the claim's number in that directory's log
 * @param cluster a name, for people
 * @param worker a name, for people
 * @param trainer what trains, for example {@code cpu, 2 threads}
 * @param version of this program
 */
record Claimant(
    String root, int epoch, String cluster, String worker, String trainer, String version) {
  /** The config key of a claim. */
  static final String KEY = "sweep_runner";

  private static final String TOKEN = "token";

  /** What tells this claim from every other: only its writer would write it. */
  String token() {
    return root + ":" + epoch;
  }

  /** As it stands in the config. */
  Map<String, Object> members() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put(TOKEN, token());
    members.put("cluster", cluster);
    members.put("worker", worker);
    members.put("epoch", epoch);
    members.put("trainer", trainer);
    members.put("version", version);
    return members;
  }

  /** The claim in a run's config, if this program wrote one. */
  @SuppressWarnings("unchecked")
  static Optional<Claimant> in(Map<String, @Nullable Object> config) {
    if (!(config.get(KEY) instanceof Map<?, ?> members)) {
      return Optional.empty();
    }
    Fields fields = new Fields((Map<String, @Nullable Object>) members);
    String token = fields.textOr(TOKEN, "");
    int colon = token.lastIndexOf(':');
    if (colon <= 0 || !token.substring(colon + 1).matches("[0-9]{1,9}")) {
      return Optional.empty();
    }
    return Optional.of(
        new Claimant(
            token.substring(0, colon),
            Integer.parseInt(token.substring(colon + 1)),
            fields.textOr("cluster", "?"),
            fields.textOr("worker", "?"),
            fields.textOr("trainer", "?"),
            fields.textOr("version", "?")));
  }

  /** Whether it was written by a worker of this lock directory. */
  boolean sharesRootWith(Claimant other) {
    return root.equals(other.root);
  }
}
