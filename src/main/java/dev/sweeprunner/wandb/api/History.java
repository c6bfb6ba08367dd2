package dev.sweeprunner.wandb.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.wandb.api.GraphQl.Question;
import dev.sweeprunner.wandb.api.GraphQl.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a run's history lines back, in windows of steps. */
final class History {
  private static final int WINDOW = 1_000;

  private final GraphQl graphQl;

  History(GraphQl graphQl) {
    this.graphQl = graphQl;
  }

  Optional<List<String>> of(RunPath run) throws WandbFailure {
    List<String> lines = new ArrayList<>();
    for (long from = 0; ; from += WINDOW) {
      Window window = window(run, from);
      if (window == null) {
        return Optional.empty();
      }
      lines.addAll(window.lines());
      if (from + WINDOW > window.last()) {
        return Optional.of(List.copyOf(lines));
      }
    }
  }

  private @Nullable Window window(RunPath run, long from) throws WandbFailure {
    Map<String, Object> variables =
        Map.of(
            "entity",
            run.entity(),
            "project",
            run.project(),
            "name",
            run.runId(),
            "from",
            from,
            "to",
            from + WINDOW,
            "samples",
            WINDOW);
    String what = "the history of " + WandbClient.name(run);
    Optional<Window> window =
        graphQl.ask(
            Question.of(Documents.HISTORY, variables, what),
            reply -> Optional.ofNullable(read(reply)));
    return window.orElse(null);
  }

  private static @Nullable Window read(Reply reply) throws UnreadableJson {
    Fields project = Answers.nullable(reply.data(), "project");
    Fields run = project == null ? null : Answers.nullable(project, "run");
    if (run == null) {
      return null;
    }
    long last = -1;
    String tail = run.textOr("historyTail", "[]");
    String object = "{\"tail\":" + tail + "}";
    for (String line : new Fields(Json.object(object.getBytes(UTF_8))).texts("tail")) {
      Fields row = Fields.of(line.getBytes(UTF_8));
      last = Math.max(last, Answers.count(row, "_step"));
    }
    return new Window(run.texts("history"), last);
  }

  /**
   * Some lines.
   *
   * @param lines in the order of their steps
   * @param last step of the whole history, or -1
   */
  private record Window(List<String> lines, long last) {}
}
