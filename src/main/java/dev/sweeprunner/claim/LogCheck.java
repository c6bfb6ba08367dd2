package dev.sweeprunner.claim;

import dev.sweeprunner.config.Sha256;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.layout.PublishedNames;
import dev.sweeprunner.run.Finding;
import dev.sweeprunner.run.Finding.Kind;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.RecordType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether the records of a log follow from one another. Pure.
 *
 * <p>A record that was changed or is gone is named alone, and nothing that follows from it: what
 * stands after it is measured by itself.
 *
 * @param place the log's folder, as it is told
 */
record LogCheck(String runId, String place) {
  private static final String RESTORE =
      "Restore it, or remove the run's folder and its lock to train it anew";

  /**
   * A slot as it was read.
   *
   * @param record what stands in it, or null
   * @param why it cannot be read, or empty
   */
  record Slot(int number, String sha256, @Nullable LogRecord record, String why) {
    static Slot of(int number, byte[] bytes) {
      String sha256 = Sha256.of(bytes);
      try {
        return new Slot(number, sha256, RecordJson.decode(bytes), "");
      } catch (UnreadableRecord e) {
        String why = bytes.length == 0 ? "it is empty" : String.valueOf(e.getMessage());
        return new Slot(number, sha256, null, why);
      }
    }

    Optional<LogEnd> end() {
      return Optional.ofNullable(record).map(LogRecord::end);
    }

    /** Whether this was appended to exactly that slot. */
    boolean follows(Slot before) {
      return record != null && record.previousSha256().equals(before.sha256);
    }

    boolean is(RecordType type) {
      return record != null && record.type() == type;
    }
  }

  /** All that is wrong, in the order of the slots. */
  List<Finding> of(List<Slot> slots) {
    List<Finding> findings = new ArrayList<>();
    if (slots.isEmpty()) {
      return findings;
    }
    Slot last = slots.get(slots.size() - 1);
    if (slots.get(0).number > 1 && !last.is(RecordType.FINISH)) {
      findings.add(hole(1, slots.get(0).number - 1));
    }
    Story story = new Story();
    for (int i = 0; i < slots.size(); i++) {
      Slot slot = slots.get(i);
      Slot next = i + 1 < slots.size() ? slots.get(i + 1) : null;
      of(slot, next, story).ifPresent(findings::add);
      if (next != null && next.number != slot.number + 1) {
        findings.add(hole(slot.number + 1, next.number - 1));
        story = new Story();
      }
    }
    return findings;
  }

  /** What is wrong with one slot, given what came before; the story goes on after it. */
  private Optional<Finding> of(Slot slot, @Nullable Slot next, Story story) {
    Slot after = next != null && next.number == slot.number + 1 ? next : null;
    LogRecord record = slot.record;
    if (record == null) {
      story.torn(slot.number);
      return after != null && after.is(RecordType.CLAIM) && after.follows(slot)
          ? Optional.empty() // its heir has taken the run over
          : Optional.of(torn(slot, next == null));
    }
    if (after != null && after.record != null && !after.follows(slot)) {
      story.forget();
      String fact = "it was changed after record " + after.number + " had been written on it";
      return Optional.of(broken(slot, fact));
    }
    Optional<Finding> wrong = wrong(slot, record, story);
    story.tell(record);
    return wrong;
  }

  private Optional<Finding> wrong(Slot slot, LogRecord record, Story story) {
    if (record.slot() != slot.number) {
      return Optional.of(broken(slot, "it says that it is record " + record.slot()));
    }
    if (story.ended == RecordType.FINISH) {
      boolean again = record.type() == RecordType.FINISH;
      String fact =
          again ? "the run finishes a second time in it" : "it comes after the run had finished";
      return Optional.of(again ? finding(Kind.DOUBLED, slot, fact, RESTORE) : broken(slot, fact));
    }
    if (story.ended == RecordType.POISON && record.type() != RecordType.RESET) {
      return Optional.of(
          broken(slot, "it says '" + record.type().told() + "' after the run had been given up"));
    }
    if (!story.config.isEmpty() && !record.configSha256().equals(story.config)) {
      String fact = "it stands for another config than the records before it";
      return Optional.of(finding(Kind.MIXED_CONFIG, slot, fact, RESTORE));
    }
    return fold(record, story).map(fact -> broken(slot, fact));
  }

  /** What does not follow from the record before, in words. */
  private static Optional<String> fold(LogRecord record, Story story) {
    int epoch = record.type() == RecordType.CLAIM ? record.slot() : story.epoch;
    if (epoch > 0 && record.epoch() != epoch) {
      return Optional.of("it is of claim " + record.epoch() + ", not of " + epoch);
    }
    if (record.type() != RecordType.CLAIM
        && record.type() != RecordType.RESET
        && !story.owner.isEmpty()
        && !record.owner().incarnation().equals(story.owner)) {
      String by = record.owner().worker();
      return Optional.of(
          "it says '"
              + record.type().told()
              + "' and is by "
              + by
              + ", who does not hold the claim");
    }
    LogRecord before = story.before;
    int more = record.type() == RecordType.CLAIM ? 1 : 0;
    if (before != null && record.summary().attempts() != before.summary().attempts() + more) {
      return Optional.of("it counts " + record.summary().attempts() + " claims");
    }
    return checkpoint(record, before);
  }

  private static Optional<String> checkpoint(LogRecord record, @Nullable LogRecord before) {
    PublishedCheckpoint newest = record.summary().checkpoint();
    if (record.type() == RecordType.PUBLISH) {
      boolean named =
          newest != null
              && newest.epoch() == record.epoch()
              && (first(newest) || inPlace(newest, before));
      return named ? Optional.empty() : Optional.of("it publishes no checkpoint of its claim");
    }
    if (before != null && !java.util.Objects.equals(newest, before.summary().checkpoint())) {
      return Optional.of("it names another checkpoint than the record before it");
    }
    var finish = record.effect().finish();
    if (record.type() == RecordType.FINISH
        && (finish == null || newest == null || !finish.checkpoint().equals(newest.name()))) {
      return Optional.of("the run finishes in it with another checkpoint than was published");
    }
    return Optional.empty();
  }

  private static boolean first(PublishedCheckpoint newest) {
    return newest.name().equals(Layout.publishedName(newest.iter(), newest.epoch()))
        && newest.part().equals(Layout.partName(newest.iter(), newest.epoch()));
  }

  /** Whether it stands for the one before it, with that one's rows. */
  private static boolean inPlace(PublishedCheckpoint newest, @Nullable LogRecord before) {
    PublishedCheckpoint one = before == null ? newest : before.summary().checkpoint();
    return newest.name().equals(PublishedNames.end(newest.iter(), newest.epoch()))
        && one != null
        && one.iter() == newest.iter()
        && one.from() == newest.from()
        && one.part().equals(newest.part())
        && one.partSha256().equals(newest.partSha256())
        && one.partRows() == newest.partRows();
  }

  private Finding hole(int from, int to) {
    String which = from == to ? "record " + from + " is" : "records " + from + " to " + to + " are";
    String fact =
        which + " missing, though nothing removes records of a log before the run has finished";
    return new Finding(Kind.BROKEN_CHAIN, runId, place, fact, RESTORE);
  }

  private Finding torn(Slot slot, boolean newest) {
    String fact = "it cannot be read: " + slot.why;
    String wayOut =
        newest
            ? "Nothing: a worker that has watched it for claim.expiry takes the run over"
            : RESTORE;
    return finding(Kind.UNREADABLE, slot, fact, wayOut);
  }

  private Finding broken(Slot slot, String fact) {
    return finding(Kind.BROKEN_CHAIN, slot, fact, RESTORE);
  }

  private Finding finding(Kind kind, Slot slot, String fact, String wayOut) {
    return new Finding(kind, runId, place + "/" + Contents.slotName(slot.number), fact, wayOut);
  }

  /** What the records told so far; nothing is known after one that cannot be trusted. */
  private static final class Story {
    private @Nullable LogRecord before;
    private @Nullable RecordType ended;
    private int epoch;
    private String owner = "";
    private String config = "";

    void tell(LogRecord record) {
      before = record;
      boolean end = record.type() == RecordType.FINISH || record.type() == RecordType.POISON;
      ended = end ? record.type() : null;
      epoch = record.epoch();
      owner = record.type() == RecordType.CLAIM ? record.owner().incarnation() : owner;
      config = record.configSha256();
    }

    /** Its slot counts as a claim of an unknown owner. */
    void torn(int slot) {
      forget();
      epoch = slot;
    }

    void forget() {
      before = null;
      ended = null;
      epoch = 0;
      owner = "";
    }
  }
}
