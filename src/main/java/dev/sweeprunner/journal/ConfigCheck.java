package dev.sweeprunner.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.config.Sha256;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.ClaimLog;
import dev.sweeprunner.run.Finding;
import dev.sweeprunner.run.Finding.Kind;
import dev.sweeprunner.run.Goal;
import dev.sweeprunner.run.LogEnd;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/** Whether a run's {@code config.json} is this run's, whole, and the one that its log names. */
final class ConfigCheck {
  private static final String RESTORE =
      "Put the right file in its place; were two run folders swapped, swap them back";

  private final Layout layout;
  private final FileSystem files;
  private final ConfigFile configs;

  ConfigCheck(Layout layout, FileSystem files) {
    this.layout = layout;
    this.files = files;
    this.configs = new ConfigFile(files, layout);
  }

  /** What is wrong with it, given a log that has begun. */
  Optional<Finding> of(RunKey key, ClaimLog log) throws IOException {
    String text;
    try {
      text = new String(files.read(layout.config(key)), UTF_8);
    } catch (NoSuchFileException e) {
      return log.madeSomething()
          ? finding(Kind.MISSING, key, "the config that the run was made from is not there")
          : Optional.empty();
    }
    try {
      Fields fields = Fields.of(text.getBytes(UTF_8));
      return of(key, log, text, fields.textOr("run_id", "?"), fields.text("sha256"));
    } catch (UnreadableJson e) {
      return finding(Kind.UNREADABLE, key, "it is no config of a run: " + e.getMessage());
    }
  }

  private Optional<Finding> of(RunKey key, ClaimLog log, String text, String runId, String sha256) {
    if (!runId.equals(key.runId())) {
      return finding(Kind.MIXED_CONFIG, key, "it is the config of run " + runId);
    }
    if (!Sha256.of(config(text)).equals(sha256)) {
      return finding(Kind.DAMAGED, key, "its config has not the SHA-256 that it names, " + sha256);
    }
    LogEnd end = log.end();
    return end == null || end.configSha256().isEmpty() || end.configSha256().equals(sha256)
        ? Optional.empty()
        : finding(
            Kind.MIXED_CONFIG,
            key,
            "its SHA-256 is " + sha256 + ", but the claim log names " + end.configSha256());
  }

  /** The canonical JSON inside, as it was written: the last member. */
  private static String config(String text) {
    String name = ",\"config\":";
    int start = text.indexOf(name);
    int end = text.lastIndexOf('}');
    return start < 0 ? "" : text.substring(start + name.length(), end);
  }

  /** After how many updates the run has a row; 0 where a program decides that. */
  long interval(RunKey key) throws IOException {
    Optional<Goal> goal = configs.goal(key);
    if (goal.isEmpty() || goal.get().maxIters() == 0 || byProgram(key)) {
      return 0;
    }
    return goal.get().logInterval();
  }

  /** A program may also train the configs of the built-in trainer. */
  private boolean byProgram(RunKey key) throws IOException {
    try {
      for (String epoch : files.list(layout.metas(key))) {
        if (epoch.matches("[0-9]{1,9}")
            && files
                .list(layout.meta(key, Integer.parseInt(epoch)))
                .contains(String.valueOf(layout.program(key, 0).getFileName()))) {
          return true;
        }
      }
      return false;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private Optional<Finding> finding(Kind kind, RunKey key, String fact) {
    String path = layout.told(layout.config(key));
    return Optional.of(new Finding(kind, key.runId(), path, fact, RESTORE));
  }
}
