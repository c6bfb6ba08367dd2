package dev.sweeprunner.cli;

import dev.sweeprunner.run.Standing;
import java.io.PrintStream;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * One JSON array, an object per grid point in grid order, each on a line of its own; several sweeps
 * one after the other in the same array.
 *
 * <p>The names of the fields are an API: they are only added to. Numbers that JSON lacks are the
 * strings {@code "NaN"}, {@code "Infinity"}, {@code "-Infinity"}. Written by the streaming
 * generator alone: data binding would cost most of the time that {@code status} may take.
 */
final class StatusJson implements StatusView {
  @Override
  public void print(List<Overview> sweeps, PrintStream out) {
    JsonFactory factory =
        JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
    try (JsonGenerator json = factory.createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartArray();
      for (Overview sweep : sweeps) {
        for (Standing standing : sweep.standings()) {
          json.writeRaw('\n');
          entry(json, new Entry(sweep, standing));
        }
      }
      json.writeRaw('\n');
      json.writeEndArray();
    }
    out.println();
    out.flush();
  }

  private static void entry(JsonGenerator json, Entry entry) {
    json.writeStartObject();
    json.writeNumberProperty("index", entry.index());
    json.writeStringProperty("run_id", entry.runId());
    json.writeStringProperty("state", entry.state());
    json.writeStringProperty("reason", entry.reason());
    values(json, "overrides", entry.overrides());
    json.writeStringProperty("sweep", entry.sweep());
    json.writeStringProperty("group", entry.group());
    property(json, "cluster", entry.cluster());
    property(json, "worker", entry.worker());
    property(json, "slurm_job", entry.slurmJob());
    property(json, "epoch", entry.epoch());
    json.writeNumberProperty("attempts", entry.attempts());
    json.writeNumberProperty("iter", entry.iter());
    json.writeNumberProperty("max_iters", entry.maxIters());
    values(json, "metrics", entry.metrics());
    property(json, "wandb_state", entry.wandbState());
    json.writeStringProperty("out_dir", entry.outDir());
    json.writeStringProperty("source", entry.source());
    json.writeNumberProperty("age_s", entry.ageSeconds());
    json.writeStringProperty("way_out", entry.wayOut());
    property(json, "duplicate_of", entry.duplicateOf());
    property(json, "host", entry.host());
    property(json, "checkpoint_iter", entry.checkpointIter());
    property(json, "tokens_per_second", entry.tokensPerSecond());
    property(json, "eta_s", entry.etaSeconds());
    property(json, "device", entry.device());
    property(json, "mfu", entry.wall("mfu"));
    property(json, "device_memory_gib", entry.wall("device_memory_gib"));
    property(json, "slurm_state", entry.slurmState());
    property(json, "slurm_reason", entry.slurmReason());
    property(json, "slurm_restarts", entry.slurmRestarts());
    property(json, "slurm_time_left_seconds", entry.slurmTimeLeftSeconds());
    json.writeEndObject();
  }

  private static void values(
      JsonGenerator json, String name, Map<String, ? extends @Nullable Object> values) {
    json.writeName(name);
    json.writeStartObject();
    values.forEach((key, value) -> property(json, key, value));
    json.writeEndObject();
  }

  private static void property(JsonGenerator json, String name, @Nullable Object value) {
    json.writeName(name);
    value(json, value);
  }

  private static void value(JsonGenerator json, @Nullable Object value) {
    if (value == null) {
      json.writeNull();
    } else if (value instanceof Boolean truth) {
      json.writeBoolean(truth);
    } else if (value instanceof Integer number) {
      json.writeNumber(number);
    } else if (value instanceof Long number) {
      json.writeNumber(number);
    } else if (value instanceof BigInteger number) {
      json.writeNumber(number);
    } else if (value instanceof Double number) {
      json.writeNumber(number);
    } else if (value instanceof List<?> list) {
      json.writeStartArray();
      list.forEach(element -> value(json, element));
      json.writeEndArray();
    } else {
      json.writeString(value.toString());
    }
  }
}
