package dev.sweeprunner.cli;

import dev.sweeprunner.run.judge.PointStatus;
import dev.sweeprunner.run.judge.State;
import dev.sweeprunner.run.judge.Verdict;
import java.io.PrintStream;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * The runs of a sweep before and after its file was changed.
 *
 * @param bytes that the checkpoints of what is left need at most
 */
record Comparison(
    List<PointStatus> kept, List<PointStatus> added, List<PointStatus> dropped, long bytes) {

  /** What becomes of a run that is dropped, in a sentence. */
  static String becomes(PointStatus dropped) {
    State state = dropped.verdict().state();
    long iter = dropped.iter();
    if (dropped.verdict() instanceof Verdict.Taken && state != State.ELSEWHERE) {
      return "It is " + state.shown() + ": who trains it finishes it; nobody claims it again.";
    }
    if (state == State.FINISHED) {
      return "It is finished: its result stays on disk, outside the sweep.";
    }
    return iter == 0
        ? "It is " + state.shown() + ": nobody claims it."
        : "It is "
            + state.shown()
            + " at iteration "
            + iter
            + ": its checkpoint stays, and it goes on there once it is in the sweep again.";
  }

  /** One object. The names of its fields are an API: they are only added to. */
  void json(long free, LookedAt root, PrintStream out) {
    JsonFactory factory =
        JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
    try (JsonGenerator json = factory.createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartObject();
      points(json, "kept", kept);
      points(json, "added", added);
      points(json, "dropped", dropped);
      json.writeStringProperty("storage_root", root.path().toString());
      json.writeBooleanProperty("storage_root_exists", root.exists());
      json.writeNumberProperty("bytes_needed", bytes);
      json.writeName("bytes_free");
      if (free < 0) {
        json.writeNull();
      } else {
        json.writeNumber(free);
      }
      json.writeEndObject();
    }
    out.println();
    out.flush();
  }

  private static void points(JsonGenerator json, String name, List<PointStatus> points) {
    json.writeArrayPropertyStart(name);
    for (PointStatus each : points) {
      json.writeRaw('\n');
      json.writeStartObject();
      json.writeStringProperty("run_id", each.point().runId());
      json.writeNumberProperty("index", each.point().index());
      json.writeStringProperty("state", each.verdict().state().word());
      json.writeNumberProperty("iter", each.iter());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
