package dev.sweeprunner.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.files.OwnFolder;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.run.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The answers that the processes of one user share on one host, a file per work tree, commit and
 * upstream. A folder that another user owns is not believed.
 */
final class UpstreamAnswers {
  private static final int UNKNOWN_SHARE = 10;

  private final FileSystem files;
  private final Path folder;
  private final Clock clock;
  private final Duration answerFor;

  UpstreamAnswers(FileSystem files, Path folder, Clock clock, Duration answerFor) {
    this.files = files;
    this.folder = folder;
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
    try {
      if (!OwnFolder.is(folder)) {
        return Optional.empty();
      }
      var kept = Kept.decode(files.read(file(workTree, branch)));
      var age = Duration.between(Instant.parse(kept.at()), clock.now());
      var holds = kept.kind().equals("unknown") ? answerFor.dividedBy(UNKNOWN_SHARE) : answerFor;
      return age.isNegative() || age.compareTo(holds) >= 0
          ? Optional.empty()
          : Optional.ofNullable(kept.answer());
    } catch (IOException | UnreadableJson | RuntimeException none) {
      return Optional.empty();
    }
  }

  /** Keeps an answer; a failure to do so costs the next process a question. */
  void keep(String workTree, Branch branch, Upstream answer) {
    try {
      files.makeFolders(folder);
      files.replace(file(workTree, branch), Kept.of(clock.now(), answer).encode());
    } catch (IOException lost) {
      // See above.
    }
  }

  private Path file(String workTree, Branch branch) {
    var key = workTree + "\0" + branch.commit() + "\0" + branch.upstream();
    return folder.resolve("git-" + UUID.nameUUIDFromBytes(key.getBytes(UTF_8)) + ".json");
  }

  /**
   * An answer as a file.
   *
   * @param text the upstream's name, or why there is no answer
   */
  record Kept(int v, String at, String kind, int commits, String text) {
    static Kept of(Instant at, Upstream answer) {
      if (answer instanceof Upstream.Behind behind) {
        return new Kept(1, at.toString(), "behind", behind.commits(), behind.upstream());
      }
      if (answer instanceof Upstream.UpToDate upToDate) {
        return new Kept(1, at.toString(), "up-to-date", 0, upToDate.upstream());
      }
      var why =
          answer instanceof Upstream.Unknown unknown
              ? unknown.why()
              : ((Upstream.NotApplicable) answer).why();
      var kind = answer instanceof Upstream.Unknown ? "unknown" : "not-applicable";
      return new Kept(1, at.toString(), kind, 0, why);
    }

    static Kept decode(byte[] content) throws UnreadableJson {
      var in = Fields.of(content);
      return new Kept(
          in.integer("v"), in.text("at"), in.text("kind"), in.integer("commits"), in.text("text"));
    }

    byte[] encode() {
      var members = new LinkedHashMap<String, Object>();
      members.put("v", v);
      members.put("at", at);
      members.put("kind", kind);
      members.put("commits", commits);
      members.put("text", text);
      return Json.bytes(members);
    }

    @Nullable Upstream answer() {
      return switch (v == 1 ? kind : "") {
        case "behind" -> new Upstream.Behind(commits, text);
        case "up-to-date" -> new Upstream.UpToDate(text);
        case "unknown" -> new Upstream.Unknown(text);
        case "not-applicable" -> new Upstream.NotApplicable(text);
        default -> null;
      };
    }
  }
}
