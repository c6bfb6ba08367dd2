package dev.sweeprunner.wandb.api;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What people find on a run's page, beside its curves.
 *
 * @param notes empty if there are none
 * @param tags as they were set
 * @param files names of its files that the server lists, at most 100
 */
public record Described(String notes, List<String> tags, List<String> files) {
  /** Null where the run or its project does not exist. */
  static @Nullable Described read(GraphQl.Reply reply) throws UnreadableJson {
    Fields project = Answers.nullable(reply.data(), "project");
    Fields run = project == null ? null : Answers.nullable(project, "run");
    if (run == null) {
      return null;
    }
    List<String> files = new ArrayList<>();
    for (Fields edge : run.object("files").objects("edges")) {
      files.add(edge.object("node").text("name"));
    }
    return new Described(run.textOr("notes", ""), run.texts("tags"), List.copyOf(files));
  }
}
