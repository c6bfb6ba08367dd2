package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.RunConfig;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.run.ClaimedRun;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the cards of one sweep's runs, in this worker's name. */
record RunDescriptors(Tracker.Sweep sweep, Tracker.Who who) {
  /** What {@code wandb_run_name} is where the user means none; the second is the default. */
  private static final Set<String> NO_NAMES = Set.of("", "sweep", "gpt2");

  RunDescriptor of(ClaimedRun run, Instant now) {
    Point point = run.point();
    RunConfig.Logging logging = point.config().logging();
    String name = logging.wandbRunName();
    String group = logging.wandbGroup();
    return new RunDescriptor(
        point.key(),
        sweep.project(),
        group == null || group.isEmpty() ? sweep.name() : group,
        NO_NAMES.contains(name) ? null : name,
        logging.wandbNotes(),
        who.host(),
        who.commit().get(),
        now.truncatedTo(ChronoUnit.SECONDS),
        new Claimant(
            sweep.root(),
            run.claim().epoch(),
            who.cluster(),
            who.worker(),
            who.trainer(),
            who.version()),
        config(point),
        null);
  }

  private Map<String, @Nullable Object> config(Point point) {
    Map<String, @Nullable Object> config = new LinkedHashMap<>(parsed(point));
    config.put("cfg_hash", point.runId());
    config.put("run_id", point.runId());
    config.put("out_dir", "out/" + point.key().folder());
    config.put("cluster", who.cluster());
    return config;
  }

  private static Map<String, @Nullable Object> parsed(Point point) {
    String canonical = point.config().canonicalJson();
    try {
      return Json.object(canonical.getBytes(StandardCharsets.UTF_8));
    } catch (UnreadableJson e) {
      throw new IllegalStateException("no canonical JSON: " + canonical, e);
    }
  }
}
