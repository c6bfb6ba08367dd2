package dev.sweeprunner.program.evidence;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How a program's checkpoints are found.
 *
 * @param layout its name
 * @param patterns where they stand
 * @param ready when one is whole
 * @param iteration where its iteration stands, null if only in its name or nowhere
 */
record CheckpointRule(
    String layout, List<PathPattern> patterns, Ready ready, @Nullable JsonField iteration) {
  /** The earlier runner's layout. */
  static final CheckpointRule EARLIER =
      new CheckpointRule(
          "earlier",
          List.of(PathPattern.of("checkpoints/latest")),
          Ready.marked("trainer_state.json"),
          new JsonField("trainer_state.json", List.of("iter_num")));

  private static final List<CheckpointRule> KNOWN =
      List.of(
          EARLIER,
          new CheckpointRule(
              "huggingface",
              beneath("checkpoint-{iter}"),
              Ready.marked("trainer_state.json"),
              null),
          new CheckpointRule(
              "lightning", List.of(PathPattern.of("**/last.ckpt")), Ready.SETTLED, null),
          new CheckpointRule("nanogpt", beneath("ckpt.pt"), Ready.SETTLED, null),
          new CheckpointRule("torchrun", beneath("snapshot.pt"), Ready.SETTLED, null));

  /** The usual layouts by their names, in the order in which they are looked for. */
  static Map<String, CheckpointRule> known() {
    Map<String, CheckpointRule> rules = new java.util.LinkedHashMap<>();
    KNOWN.forEach(rule -> rules.put(rule.layout(), rule));
    return rules;
  }

  /** The iteration of a checkpoint, if anything tells it. */
  OptionalLong iterationOf(PathPattern.Match match) {
    if (match.iter().isPresent() || iteration == null) {
      return match.iter();
    }
    return JsonField.read(iteration.fileOf(match.path()), iteration.field())
        .filter(number -> number >= 0 && number == Math.rint(number))
        .map(number -> OptionalLong.of(number.longValue()))
        .orElse(OptionalLong.empty());
  }

  private static List<PathPattern> beneath(String name) {
    return List.of(PathPattern.of(name), PathPattern.of("*/" + name));
  }
}
