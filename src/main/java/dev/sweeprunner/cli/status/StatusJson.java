package dev.sweeprunner.cli.status;

import dev.sweeprunner.run.judge.PointStatus;
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
  public void print(List<SweepStatus> sweeps, PrintStream out) {
    JsonFactory factory =
        JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
    try (JsonGenerator json = factory.createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartArray();
      for (SweepStatus sweep : sweeps) {
        for (PointStatus pointStatus : sweep.standings()) {
          json.writeRaw('\n');
          entry(json, new StatusRow(sweep, pointStatus));
        }
      }
      json.writeRaw('\n');
      json.writeEndArray();
    }
    out.println();
    out.flush();
  }

  private static void entry(JsonGenerator json, StatusRow row) {
    json.writeStartObject();
    json.writeNumberProperty("index", row.index());
    json.writeStringProperty("run_id", row.runId());
    json.writeStringProperty("state", row.state());
    json.writeStringProperty("reason", row.reason());
    values(json, "overrides", row.overrides());
    json.writeStringProperty("sweep", row.sweep());
    json.writeStringProperty("group", row.group());
    property(json, "cluster", row.cluster());
    property(json, "worker", row.worker());
    property(json, "slurm_job", row.slurmJob());
    property(json, "epoch", row.epoch());
    json.writeNumberProperty("attempts", row.attempts());
    json.writeNumberProperty("iter", row.iter());
    json.writeNumberProperty("max_iters", row.maxIters());
    values(json, "metrics", row.metrics());
    property(json, "wandb_state", row.wandbState());
    json.writeStringProperty("out_dir", row.outDir());
    json.writeStringProperty("source", row.source());
    json.writeNumberProperty("age_s", row.ageSeconds());
    json.writeStringProperty("way_out", row.wayOut());
    property(json, "duplicate_of", row.duplicateOf());
    property(json, "host", row.host());
    property(json, "checkpoint_iter", row.checkpointIter());
    property(json, "tokens_per_second", row.tokensPerSecond());
    property(json, "eta_s", row.etaSeconds());
    property(json, "device", row.device());
    property(json, "mfu", row.wall("mfu"));
    property(json, "device_memory_gib", row.wall("device_memory_gib"));
    property(json, "slurm_state", row.slurmState());
    property(json, "slurm_reason", row.slurmReason());
    property(json, "slurm_restarts", row.slurmRestarts());
    property(json, "slurm_time_left_seconds", row.slurmTimeLeftSeconds());
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
