package dev.sweeprunner.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.files.HostAnswers;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.run.Clock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The answers that the processes of one user share on one host, a file per work tree, commit and
 * upstream.
 */
final class UpstreamAnswers {
  private static final int UNKNOWN_SHARE = 10;

  private final HostAnswers answers;
  private final Clock clock;
  private final Duration answerFor;

  UpstreamAnswers(FileSystem files, Path folder, Clock clock, Duration answerFor) {
    this.answers = new HostAnswers(files, folder, clock::now);
    this.clock = clock;
    this.answerFor = answerFor;
  }

  /**
   * A branch and what it follows.
   *
   * @param commit its newest commit here
   * @param upstream short name of what it follows
   * @param remote where that is
   * @param ref its name there
   */
  record Branch(String commit, String upstream, String remote, String ref) {}

  /** An answer that still holds. */
  Optional<Upstream> find(String workTree, Branch branch) {
    return answers.find(
        name(workTree, branch),
        (in, age) -> {
          var answer = decoded(in);
          var holds =
              answer instanceof Upstream.Unknown ? answerFor.dividedBy(UNKNOWN_SHARE) : answerFor;
          return age.compareTo(holds) < 0 ? answer : null;
        });
  }

  /** Keeps an answer. */
  void keep(String workTree, Branch branch, Upstream answer) {
    answers.keep(name(workTree, branch), clock.now(), encoded(answer));
  }

  private static String name(String workTree, Branch branch) {
    var key = workTree + "\0" + branch.commit() + "\0" + branch.upstream();
    return "git-" + UUID.nameUUIDFromBytes(key.getBytes(UTF_8)) + ".json";
  }

  private static Map<String, Object> encoded(Upstream answer) {
    if (answer instanceof Upstream.Behind behind) {
      return members("behind", behind.commits(), behind.upstream());
    }
    if (answer instanceof Upstream.UpToDate upToDate) {
      return members("up-to-date", 0, upToDate.upstream());
    }
    return answer instanceof Upstream.Unknown unknown
        ? members("unknown", 0, unknown.why())
        : members("not-applicable", 0, ((Upstream.NotApplicable) answer).why());
  }

  /** The text is the upstream's name, or why there is no answer. */
  private static Map<String, Object> members(String kind, int commits, String text) {
    var members = new LinkedHashMap<String, Object>();
    members.put("kind", kind);
    members.put("commits", commits);
    members.put("text", text);
    return members;
  }

  private static @Nullable Upstream decoded(Fields in) throws UnreadableJson {
    var text = in.text("text");
    return switch (in.text("kind")) {
      case "behind" -> new Upstream.Behind(in.integer("commits"), text);
      case "up-to-date" -> new Upstream.UpToDate(text);
      case "unknown" -> new Upstream.Unknown(text);
      case "not-applicable" -> new Upstream.NotApplicable(text);
      default -> null;
    };
  }
}
