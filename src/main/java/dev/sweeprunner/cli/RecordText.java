package dev.sweeprunner.cli;

import dev.sweeprunner.run.Failure;
import dev.sweeprunner.run.Finish;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.Origin;
import dev.sweeprunner.run.PublishedCheckpoint;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Tells one record of a claim log. */
final class RecordText {
  private RecordText() {}

  /** Number, time, what, who. */
  static String line(LogEnd record) {
    if (record.unreadable()) {
      return "record " + record.slot() + "  empty or damaged";
    }
    return String.format(
        Locale.ROOT,
        "record %d  %s  %s by %s",
        record.slot(),
        record.written().truncatedTo(ChronoUnit.SECONDS),
        what(record),
        new OwnerText(record.owner()).brief());
  }

  private static String what(LogEnd record) {
    String detail = record.detail().isEmpty() ? "" : " (" + record.detail() + ")";
    return switch (record.type()) {
      case CLAIM -> "claimed, attempt " + record.summary().attempts() + detail;
      case PUBLISH -> "published" + checkpoint(record);
      case RELEASE -> "given back" + detail;
      case FAIL -> "failed" + failure(record) + detail;
      case FINISH -> "finished" + finish(record);
      case POISON -> "given up" + detail;
      case RESET -> "reset" + detail;
    };
  }

  private static String checkpoint(LogEnd record) {
    PublishedCheckpoint checkpoint = record.summary().checkpoint();
    if (checkpoint == null) {
      return "";
    }
    Origin imported = checkpoint.isImport() ? checkpoint.imported() : null;
    String from = imported == null ? "" : ", imported from " + imported.file();
    return " iteration " + checkpoint.iter() + from;
  }

  private static String failure(LogEnd record) {
    Failure failure = record.summary().lastFailure();
    return failure == null ? "" : " (" + failure.kind() + "): " + failure.message();
  }

  private static String finish(LogEnd record) {
    Finish finish = record.finish();
    return finish == null
        ? ""
        : " at iteration " + finish.iter() + " with " + HumanFormat.plural(finish.rows(), "row");
  }
}
