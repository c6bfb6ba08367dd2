package dev.sweeprunner.page;

import dev.sweeprunner.cli.status.HarmlessJson;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.run.ClaimStarts.Start;
import dev.sweeprunner.run.LogEnd;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The claims of all runs. A log is read again only where a look has found another record at its
 * end, and none before somebody asks for claims. Any thread.
 */
final class Timeline {
  private static final int MOST = 5000;

  private final Map<String, Known> known = new HashMap<>();
  private boolean asked;

  /** What was read of one log. */
  private record Known(int slot, boolean held, List<ClaimSpan> spans) {}

  /** Whether somebody has asked for claims. */
  synchronized boolean asked() {
    return asked;
  }

  /** Brings it up to a look; gives the claims that are new or have changed. */
  synchronized List<ClaimSpan> update(Look look) {
    asked = true;
    List<ClaimSpan> news = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    look.runs()
        .forEach(
            run -> {
              String name = run.key().project() + "/" + run.key().runId();
              if (seen.add(name)) {
                news.addAll(update(look.subject(), run, name));
              }
            });
    known.keySet().retainAll(seen);
    return news;
  }

  private List<ClaimSpan> update(Subject subject, Look.Run run, String name) {
    Known before = known.get(name);
    if (before != null && before.slot() == run.end().slot() && before.held() == run.held()) {
      return List.of();
    }
    List<ClaimSpan> old = before == null ? List.of() : before.spans();
    List<ClaimSpan> spans = richer(old, read(subject, run.key(), run.held()));
    known.put(name, new Known(run.end().slot(), run.held(), spans));
    return spans.stream().filter(span -> !old.contains(span)).toList();
  }

  private static List<ClaimSpan> read(Subject subject, RunKey key, boolean held) {
    List<LogEnd> records = subject.ports().claims().history(key);
    boolean shortened = !records.isEmpty() && records.get(0).slot() > 1;
    List<Start> starts = shortened ? subject.starts().of(key) : List.of();
    return ClaimSpans.of(key.runId(), records, starts, held);
  }

  /** What was seen of a log before it was shortened is known better than what is left of it. */
  private static List<ClaimSpan> richer(List<ClaimSpan> old, List<ClaimSpan> read) {
    Map<Integer, ClaimSpan> before = new HashMap<>();
    old.forEach(span -> before.put(span.epoch(), span));
    return read.stream()
        .map(
            span -> {
              @Nullable ClaimSpan seen = before.get(span.epoch());
              return seen == null || span.end() != ClaimSpan.End.OVER ? span : seen;
            })
        .toList();
  }

  /** The newest of them, by the time at which they began. */
  synchronized List<ClaimSpan> newest() {
    List<ClaimSpan> all = new ArrayList<>();
    known.values().forEach(each -> all.addAll(each.spans()));
    all.sort(Comparator.comparing(ClaimSpan::from).thenComparing(ClaimSpan::runId));
    return all.subList(Math.max(0, all.size() - MOST), all.size());
  }

  /** As {@code api/claims} gives them. */
  static String json(List<ClaimSpan> spans) {
    return Look.json(
        json -> {
          json.writeStartObject();
          HarmlessJson.property(json, "claims", spans.stream().map(ClaimSpan::members).toList());
          json.writeEndObject();
        });
  }
}
