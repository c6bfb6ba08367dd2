package dev.sweeprunner.run;

import dev.sweeprunner.config.RunKey;
import java.util.List;

/** Finds the rows of a run that are safe now, whoever asks. Stateless over its ports. */
public final class Ledgers {
  private final Claims claims;
  private final Journal journal;

  /** Ledgers of this lock directory's runs. */
  public Ledgers(Claims claims, Journal journal) {
    this.claims = claims;
    this.journal = journal;
  }

  /**
   * The rows that the log up to {@code end} covers: those of the finished run, else those of the
   * newest checkpoint's lineage.
   */
  public Ledger of(RunKey key, LogEnd end) {
    Finish finish = end.finish();
    if (finish != null) {
      return journal.ledger(key, finish);
    }
    PublishedCheckpoint tip = end.summary().checkpoint();
    if (tip == null) {
      return Ledger.EMPTY;
    }
    List<PublishedCheckpoint> published =
        claims.history(key).stream()
            .filter(record -> record.type() == RecordType.PUBLISH)
            .map(record -> record.summary().checkpoint())
            .toList();
    return journal.ledger(key, Lineage.to(tip, published));
  }
}
