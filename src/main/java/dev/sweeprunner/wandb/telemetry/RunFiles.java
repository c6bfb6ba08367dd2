package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.json.Json;
import dev.sweeprunner.wandb.api.RunPath;
import dev.sweeprunner.wandb.api.WandbClient;
import dev.sweeprunner.wandb.api.WandbFailure;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * The files that W&amp;B shows beside a run: {@code config.yaml} and {@code wandb-metadata.json}.
 * Nice to have: after some failed tries the run goes on without them. Belongs to one thread.
 */
final class RunFiles {
  private static final int TRIES = 3;

  private final RunDescriptor descriptor;
  private final Map<String, ?> machine;
  private int tries;
  private boolean done;
  private List<String> names = List.of();

  RunFiles(RunDescriptor descriptor, Map<String, ?> machine) {
    this.descriptor = descriptor;
    this.machine = machine;
  }

  /** Whether they are still to be uploaded. */
  boolean wanted() {
    return !done && tries < TRIES;
  }

  /** Uploads them. */
  void upload(WandbClient client, RunPath to) throws WandbFailure {
    tries++;
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("config.yaml", configYaml());
    files.put("wandb-metadata.json", metadata());
    client.upload(to, files);
    done = true;
    names = List.copyOf(files.keySet());
  }

  /** What the stream is to be told. */
  List<String> names() {
    return names;
  }

  /** The stream was told. */
  void told() {
    names = List.of();
  }

  private byte[] configYaml() {
    Map<String, @Nullable Object> wrapped = new LinkedHashMap<>();
    descriptor
        .whole()
        .forEach(
            (key, value) -> {
              Map<String, @Nullable Object> entry = new LinkedHashMap<>();
              entry.put("value", value);
              wrapped.put(key, entry);
            });
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    return new Yaml(options).dump(wrapped).getBytes(StandardCharsets.UTF_8);
  }

  private byte[] metadata() {
    Map<String, @Nullable Object> document = new LinkedHashMap<>(machine);
    document.put("startedAt", descriptor.started().toString());
    document.put("host", descriptor.host());
    document.put("program", "sweep-runner");
    String commit = descriptor.commit();
    if (commit != null) {
      document.put("git", Map.of("commit", commit));
    }
    return Json.document(document);
  }
}
