package dev.sweeprunner.page;

import dev.sweeprunner.run.ClaimStarts.Start;
import dev.sweeprunner.run.Failure;
import dev.sweeprunner.run.Finish;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.RecordType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes claims of the records of one log. Pure. */
final class ClaimSpans {
  private static final String SHORTENED = "How it ended is not kept once a run has finished.";

  private final String runId;
  private final Map<Integer, Start> starts = new TreeMap<>();
  private final boolean held;

  private ClaimSpans(String runId, List<Start> starts, boolean held) {
    this.runId = runId;
    this.held = held;
    starts.forEach(start -> this.starts.put(start.epoch(), start));
  }

  /**
   * The claims of a run, oldest first.
   *
   * @param records of its log, oldest first; of a finished run perhaps the last alone
   * @param starts of claims that the log tells nothing of
   * @param held whether somebody works on it now
   */
  static List<ClaimSpan> of(String runId, List<LogEnd> records, List<Start> starts, boolean held) {
    return new ClaimSpans(runId, starts, held).all(records);
  }

  private List<ClaimSpan> all(List<LogEnd> records) {
    Map<Integer, List<LogEnd>> claims = new TreeMap<>();
    List<LogEnd> readable = records.stream().filter(record -> !record.unreadable()).toList();
    readable.forEach(
        record -> claims.computeIfAbsent(record.epoch(), epoch -> new ArrayList<>()).add(record));
    List<ClaimSpan> spans = new ArrayList<>(forgotten(claims));
    List<List<LogEnd>> logged = List.copyOf(claims.values());
    for (int i = 0; i < logged.size(); i++) {
      boolean newest = i == logged.size() - 1;
      LogEnd before = i == 0 ? null : last(logged.get(i - 1));
      spans.add(span(logged.get(i), before, newest ? null : logged.get(i + 1).get(0)));
    }
    return spans;
  }

  /** Those before the first that the log knows. */
  private List<ClaimSpan> forgotten(Map<Integer, List<LogEnd>> claims) {
    List<ClaimSpan> spans = new ArrayList<>();
    if (claims.isEmpty()) {
      return spans;
    }
    List<Start> all = List.copyOf(starts.values());
    int first = claims.keySet().iterator().next();
    for (int i = 0; i + 1 < all.size() && all.get(i).epoch() < first; i++) {
      Start start = all.get(i);
      Start next = all.get(i + 1);
      spans.add(
          new ClaimSpan(
              runId,
              start.epoch(),
              start.owner(),
              start.written(),
              next.written(),
              ClaimSpan.End.OVER,
              SHORTENED,
              null,
              start.base(),
              next.base(),
              false));
    }
    return spans;
  }

  private ClaimSpan span(List<LogEnd> records, @Nullable LogEnd before, @Nullable LogEnd next) {
    LogEnd first = records.get(0);
    boolean whole = first.type() == RecordType.CLAIM;
    Start start = starts.get(first.epoch());
    LogEnd ending = ending(records);
    boolean died = next != null && next.type() == RecordType.CLAIM;
    LogEnd over = ending == null && died ? next : ending;
    return new ClaimSpan(
        runId,
        first.epoch(),
        first.owner(),
        whole || start == null ? first.written() : start.written(),
        over == null ? null : over.written(),
        end(ending, died),
        detail(first, ending, died ? next : null),
        whole ? count(records) : null,
        whole ? reached(first) : start == null ? 0 : start.base(),
        reached(last(records)),
        whole && before != null && inHand(before));
  }

  /** The record that ends a claim: the last of those that do, or null. */
  private static @Nullable LogEnd ending(List<LogEnd> records) {
    LogEnd ending = null;
    for (LogEnd record : records) {
      boolean ends = !inHand(record) && (record.type() != RecordType.RESET || ending == null);
      ending = ends ? record : ending;
    }
    return ending;
  }

  /** Whether the log is in an owner's hands where it ends so. */
  private static boolean inHand(LogEnd record) {
    return record.type() == RecordType.CLAIM || record.type() == RecordType.PUBLISH;
  }

  private ClaimSpan.End end(@Nullable LogEnd ending, boolean died) {
    if (ending == null) {
      return died ? ClaimSpan.End.TAKEN_OVER : held ? ClaimSpan.End.OPEN : ClaimSpan.End.SILENT;
    }
    return switch (ending.type()) {
      case RELEASE -> ClaimSpan.End.RELEASED;
      case FAIL -> ClaimSpan.End.FAILED;
      case FINISH -> ClaimSpan.End.FINISHED;
      case POISON -> ClaimSpan.End.POISONED;
      case RESET -> ClaimSpan.End.RESET;
      case CLAIM, PUBLISH -> ClaimSpan.End.OPEN;
    };
  }

  /** What its end says; of a dead owner how the next judged it; of an open one how it began. */
  private static String detail(LogEnd first, @Nullable LogEnd ending, @Nullable LogEnd next) {
    if (ending == null) {
      return next == null ? first.detail() : next.detail();
    }
    Failure failure = ending.summary().lastFailure();
    return ending.type() == RecordType.FAIL && failure != null
        ? failure.message()
        : ending.detail();
  }

  private static int count(List<LogEnd> records) {
    return (int) records.stream().filter(record -> record.type() == RecordType.PUBLISH).count();
  }

  private static long reached(LogEnd record) {
    Finish finish = record.finish();
    PublishedCheckpoint checkpoint = record.summary().checkpoint();
    return finish != null ? finish.iter() : checkpoint == null ? 0 : checkpoint.iter();
  }

  private static LogEnd last(List<LogEnd> records) {
    return records.get(records.size() - 1);
  }
}
