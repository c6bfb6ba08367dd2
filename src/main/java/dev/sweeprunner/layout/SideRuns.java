package dev.sweeprunner.layout;

import java.nio.file.Path;

/**
 * Every path of the runs that a program writes beside its claim's own, below what {@link
 * Layout#tracked} says: for each a folder under its name, {@code RUN_ID-2}, with what {@code
 * tracked} has, and its rows. Pure.
 */
public final class SideRuns {
  private SideRuns() {}

  /** {@code side}: those of one claim. */
  public static Path all(Path tracked) {
    return tracked.resolve("side");
  }

  /** {@code side/{name}}. */
  public static Path folder(Path tracked, String name) {
    return all(tracked).resolve(name);
  }

  /**
   * {@code side/marks.jsonl}: for each checkpoint that was published the step of its own run's
   * newest row, and theirs.
   */
  public static Path marks(Path tracked) {
    return all(tracked).resolve("marks.jsonl");
  }

  /** {@code history.jsonl} in its folder: its rows, lines as W&amp;B's history has them. */
  public static Path rows(Path folder) {
    return folder.resolve("history.jsonl");
  }

  /** {@code held.jsonl}: rows of which it is not known yet what step they get. */
  public static Path held(Path folder) {
    return folder.resolve("held.jsonl");
  }

  /** {@code start.json}: by what name it was opened, and where this claim goes on with it. */
  public static Path start(Path folder) {
    return folder.resolve("start.json");
  }

  /** {@code habit.json}: there where its program was seen to name steps. */
  public static Path habit(Path folder) {
    return folder.resolve("habit.json");
  }

  /** {@code end.json}: with what exit code its client has said goodbye, if it has. */
  public static Path end(Path folder) {
    return folder.resolve("end.json");
  }

  /** Its number: 2 of {@code RUN_ID-2}; 0 of a name of another form. */
  public static int number(String runId, String name) {
    String number = name.startsWith(runId + "-") ? name.substring(runId.length() + 1) : "";
    return number.matches("[1-9][0-9]{0,5}") ? Integer.parseInt(number) : 0;
  }

  /** Its name by its number. */
  public static String name(String runId, int number) {
    return runId + "-" + number;
  }
}
