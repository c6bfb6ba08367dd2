package dev.sweeprunner.run;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run's whole claim log, as an audit reads it.
 *
 * @param path its folder, from the storage root
 * @param records all that can be read, oldest first
 * @param newest the highest slot that is taken, readable or not; 0 without a log
 * @param hinted whether the hint lies there that it has ended
 * @param foreign whether another program's lock lies there
 * @param findings what is wrong with it
 */
public record ClaimLog(
    String path,
    List<LogEnd> records,
    int newest,
    boolean hinted,
    boolean foreign,
    List<Finding> findings) {
  /** Copies what it is given. */
  public ClaimLog {
    records = List.copyOf(records);
    findings = List.copyOf(findings);
  }

  /** Whether anything of a claim lies there. */
  public boolean begun() {
    return newest > 0;
  }

  /** The newest record that can be read, or null. */
  public @Nullable LogEnd end() {
    return records.isEmpty() ? null : records.get(records.size() - 1);
  }

  /** Whether every slot could be read; else there may be publishes that it does not tell of. */
  public boolean whole() {
    return begun()
        && !records.isEmpty()
        && records.size() == newest - records.get(0).slot() + 1
        && findings.isEmpty();
  }

  /** What FINISH says, or null where the log does not end in one. */
  public @Nullable Finish finish() {
    LogEnd end = end();
    return end == null || end.slot() != newest ? null : end.finish();
  }

  /** The newest published checkpoint, or null. */
  public @Nullable PublishedCheckpoint tip() {
    LogEnd end = end();
    return end == null ? null : end.summary().checkpoint();
  }

  /** Everything that its records publish, in their order; of a compacted log nothing. */
  public List<PublishedCheckpoint> published() {
    List<PublishedCheckpoint> published = new ArrayList<>();
    for (LogEnd record : records) {
      PublishedCheckpoint checkpoint = record.summary().checkpoint();
      if (record.type() == RecordType.PUBLISH && checkpoint != null) {
        published.add(checkpoint);
      }
    }
    return published;
  }

  /** What the run's present state stands on, oldest first. */
  public List<PublishedCheckpoint> lineage() {
    PublishedCheckpoint tip = tip();
    return tip == null ? List.of() : Lineage.to(tip, published());
  }

  /** How many rows are safe, as the records say. */
  public long rows() {
    Finish finish = finish();
    return finish != null
        ? finish.rows()
        : lineage().stream().mapToLong(PublishedCheckpoint::partRows).sum();
  }

  /** Whether anything was ever made durable of the run. */
  public boolean madeSomething() {
    return finish() != null || tip() != null;
  }
}
