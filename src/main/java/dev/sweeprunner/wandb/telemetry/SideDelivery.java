package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.wandb.api.RemoteRun;
import dev.sweeprunner.wandb.api.RunPath;
import dev.sweeprunner.wandb.api.StreamChunk;
import dev.sweeprunner.wandb.api.Upserted;
import dev.sweeprunner.wandb.api.WandbClient;
import dev.sweeprunner.wandb.api.WandbFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One run beside another on its way to W&amp;B, under its own name: rows, console, metrics,
 * summary, config, files, end. Row number n of its claims' merged rows is line n of the history, so
 * that sending again after any crash changes nothing; what arrived whole is marked on disk, and not
 * sent again. Belongs to one thread.
 */
final class SideDelivery {
  private static final int ROWS = 5_000;
  private static final long MOST_CHARS = 8L << 20;
  private static final long PAUSE = Duration.ofSeconds(10).toNanos();
  private static final long BEAT = Duration.ofSeconds(30).toNanos();

  private final RunDescriptor card;
  private final Tracks tracks;
  private final int epoch;
  private final Manner manner;
  private final Clock clock;
  private final ProgramVoice voice;
  private final ShippedMarks marks;
  private @Nullable RunPath path;
  private @Nullable SideRows rows;
  private List<SideRows.Row> due = List.of();
  private long at;
  private long postedAt;
  private long lookedAt;
  private boolean looked;
  private boolean wanted;
  private String state = "";
  private String sent = "";
  private @Nullable Outcome outcome;

  /**
   * Has told nothing yet.
   *
   * @param card of the run beside which it lies
   * @param name its own
   * @param manner of that run
   * @param ports of that run
   */
  SideDelivery(RunDescriptor card, String name, int epoch, Manner manner, UplinkPorts ports) {
    this.card = card.beside(name);
    this.epoch = epoch;
    this.manner = manner;
    this.clock = ports.clock();
    UplinkPorts own = ports.beside(card.key());
    this.tracks = own.tracks();
    this.marks = tracks.marks(key());
    // It leaves when it may, and then all of it does.
    Manner live = new Manner(true, true, manner.dead());
    this.voice = new ProgramVoice(this.card, epoch, live, own, () -> {});
  }

  /** The names of those beside a run that are not marked as whole at W&amp;B. */
  static List<String> lacking(RunDescriptor card, Tracks tracks, int epoch) {
    Tracks beside = tracks.beside(card.key());
    List<String> lacking = new ArrayList<>();
    for (String name : tracks.sides(card.key(), epoch)) {
      RunKey key = card.beside(name).key();
      try {
        if (!beside.marks(key).has(whole(beside.state(key, epoch)))) {
          lacking.add(name);
        }
      } catch (IOException unreadable) {
        lacking.add(name);
      }
    }
    return lacking;
  }

  private RunKey key() {
    return card.key();
  }

  String name() {
    return key().runId();
  }

  /**
   * Whether W&amp;B lacks something of it, or a sign that it is alive.
   *
   * @param how the claim of its run has ended, or null while it goes on
   */
  boolean wanted(@Nullable Outcome how) throws IOException {
    if (how == null && looked && !wanted && clock.nanos() - lookedAt < PAUSE) {
      return false;
    }
    if (!wanted || how != outcome) {
      looked = true;
      lookedAt = clock.nanos();
      outcome = how;
      state = tracks.state(key(), epoch);
      wanted = exit() == null ? lacking() || beats() : !marks.has(mark());
    }
    return wanted;
  }

  private boolean lacking() throws IOException {
    return !state.equals(sent) && (written() || !marks.has(whole()));
  }

  private boolean beats() {
    return written() && path != null && clock.nanos() - postedAt >= BEAT;
  }

  /** Whether this claim's program writes it, or has. */
  private boolean written() {
    return Files.isDirectory(tracks.folder(key(), epoch));
  }

  private String whole() {
    return whole(state);
  }

  private static String whole(String state) {
    return "all of " + state;
  }

  private String mark() throws IOException {
    return whole() + " exit " + exit();
  }

  /** With what it ends now, or null while it goes on: as its client said, else as its run does. */
  private @Nullable Integer exit() throws IOException {
    Integer said = said();
    Outcome how = outcome;
    return said != null || how == null ? said : (Integer) LastWords.exitCode(how);
  }

  private @Nullable Integer said() throws IOException {
    return tracks.exit(key(), epoch).orElse(null);
  }

  /**
   * Does the next thing: a question to W&amp;B or two.
   *
   * @param of the run beside which it lies
   */
  void step(WandbClient client, RunPath of) throws WandbFailure, IOException {
    voice.spoken();
    RunPath to = path;
    if (to == null) {
      open(client, of);
      return;
    }
    List<SideRows.Row> next = next();
    boolean more = voice.gather();
    if (voice.renewed(true)) {
      client.upsert(voice.upsert(of.entity(), null));
      voice.described();
    } else if (!next.isEmpty() || more) {
      post(client, to, next);
    } else if (voice.alerts(true)) {
      voice.alert(client, to);
    } else if (voice.filesWanted(true, true)) {
      voice.upload(client, to);
    } else {
      rest(client, to);
    }
  }

  private void open(WandbClient client, RunPath of) throws WandbFailure, IOException {
    RemoteRun there = client.run(card.path(of.entity())).orElse(null);
    Upserted run =
        client.upsert(voice.upsert(of.entity(), there == null ? null : there.storageId()));
    voice.described();
    voice.opened(there);
    begin(there == null ? 0 : there.historyLines());
    path = new RunPath(run.entity(), run.project(), name());
    postedAt = clock.nanos();
  }

  /** From the line on that W&amp;B may lack, or have as a killed claim logged it. */
  private void begin(long lines) throws IOException {
    long there = Math.min(lines, lines == 0 ? 0 : merged().count());
    SideRows from = merged();
    at = voice.from(there);
    from.skip(at);
    rows = from;
    due = List.of();
  }

  private SideRows merged() throws IOException {
    return SideRows.of(tracks, key(), epoch, manner.dead() || outcome != null);
  }

  private List<SideRows.Row> next() throws IOException {
    SideRows all = rows;
    boolean over = outcome != null && (all == null || all.waits());
    if (all == null || over || all.stale(tracks, key(), epoch)) {
      begin(at);
      all = rows;
    }
    if (due.isEmpty() && all != null) {
      due = all.next(ROWS, MOST_CHARS);
    }
    return due;
  }

  private void post(WandbClient client, RunPath to, List<SideRows.Row> next) throws WandbFailure {
    List<String> history = next.stream().map(SideRows.Row::text).toList();
    client.stream(to, voice.post(Voice.lines(at, history), List.of()));
    voice.arrived();
    at += next.size();
    due = List.of();
    postedAt = clock.nanos();
  }

  /** W&amp;B has all that there was when the disk was looked at. */
  private void rest(WandbClient client, RunPath to) throws WandbFailure, IOException {
    Integer exit = exit();
    if (exit != null) {
      if (said() == null && outcome != null && outcome.goesOn()) {
        client.stream(to, voice.last(false, true, null));
      }
      client.stream(to, voice.last(true, false, exit));
      marks.add(whole(), "");
      marks.add(mark(), "");
      rows = null; // most likely nothing follows
    } else if (beats()) {
      client.stream(to, StreamChunk.HEARTBEAT);
      postedAt = clock.nanos();
    }
    sent = state;
    wanted = false;
  }

  /** Somebody deleted it: it is created again, with all its rows. */
  void gone() {
    path = null;
  }
}
