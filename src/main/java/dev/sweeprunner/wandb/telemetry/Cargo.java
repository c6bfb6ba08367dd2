package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.run.TrackedAlert;
import dev.sweeprunner.run.TrackedArtifact;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One thing on its way to W&amp;B. */
sealed interface Cargo {
  /** Tells it from any other, and from what it was before it changed. */
  String mark();

  /** What it is, for people. */
  String name();

  /** A file of the run, as it was when it was seen. */
  record RunFile(String name, Path file, long size, String mark) implements Cargo {}

  /**
   * One naming of an artifact.
   *
   * @param input what the program asked for
   * @param contents where its manifest and contents lie
   */
  record Version(
      TrackedArtifact artifact, Map<String, @Nullable Object> input, Path contents, String mark)
      implements Cargo {
    /** How the marks of an artifact begin. */
    static String start(long number) {
      return "artifact " + number + " ";
    }

    @Override
    public String name() {
      return "artifact " + artifact.collection();
    }
  }

  /** A link to an artifact. */
  record Link(TrackedArtifact artifact, Map<String, @Nullable Object> link, String mark)
      implements Cargo {
    @Override
    public String name() {
      return "link to " + link.get("artifactPortfolioName");
    }
  }

  /** Something that people are to be told. */
  record Alert(TrackedAlert alert, String mark) implements Cargo {
    /** How the marks of alerts begin. */
    static final String START = "alert ";

    /** The mark of one of a claim, which numbers them. */
    static String mark(int epoch, long number) {
      return START + epoch + " " + number;
    }

    @Override
    public String name() {
      return "alert " + alert.title();
    }
  }

  /** Files and artifacts. */
  record Hold(List<RunFile> files, List<Cargo> artifacts) {
    /** All of it. */
    List<Cargo> all() {
      List<Cargo> all = new ArrayList<>(files);
      all.addAll(artifacts);
      return all;
    }
  }
}
