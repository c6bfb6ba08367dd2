package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.wandb.api.RunPath;
import dev.sweeprunner.wandb.api.StreamChunk;
import dev.sweeprunner.wandb.api.WandbClient;
import dev.sweeprunner.wandb.api.WandbFailure;
import dev.sweeprunner.wandb.api.WandbFailure.Kind;
import dev.sweeprunner.wandb.telemetry.Cargo.RunFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Ships files in batches, artifacts and alerts one by one. What arrived is marked on disk; a kill
 * before the mark makes the next process send it once more. That changes nothing at W&amp;B but for
 * an alert, which people may be told twice: better than never.
 */
final class ProgramShipping implements ProgramFilesShipping {
  private static final long PAUSE = Duration.ofSeconds(10).toNanos();
  private static final int BATCH = 50;
  private static final long BATCH_BYTES = 32 << 20;

  /** Of one thing, while W&amp;B answers all else: its storage may be out of reach for good. */
  private static final int TRIES = 8;

  /** Between two tries that count: what is out of reach for minutes comes back. */
  private static final long APART = Duration.ofSeconds(30).toNanos();

  private static final int MOST_SAID = 20;

  private final String runId;
  private final Loads list;
  private final ShippedMarks marks;
  private final ArtifactShipping artifacts;
  private final Clock clock;
  private final Consumer<String> notices;
  private final Deque<Cargo> waiting = new ArrayDeque<>();
  private final Set<String> refused = new HashSet<>();
  private final Set<String> said = new HashSet<>();
  private final Map<String, Integer> failed = new HashMap<>();
  private boolean looked;
  private long lookedAt;
  private long countedAt;

  ProgramShipping(
      String runId, Loads list, ShippedMarks marks, Clock clock, Consumer<String> notices) {
    this.runId = runId;
    this.list = list;
    this.marks = marks;
    this.artifacts = new ArtifactShipping(marks);
    this.clock = clock;
    this.notices = notices;
  }

  @Override
  public boolean wanted(boolean ending) {
    if (waiting.isEmpty() && (ending || !looked || clock.nanos() - lookedAt >= PAUSE)) {
      looked = true;
      lookedAt = clock.nanos();
      try {
        look();
      } catch (IOException unreadable) {
        refuse("what its program left for W&B", Why.at(unreadable));
      }
    }
    return !waiting.isEmpty();
  }

  @Override
  public void step(WandbClient client, RunPath to) throws WandbFailure {
    Cargo first = waiting.peek();
    if (first == null) {
      return;
    }
    if (failed.containsKey(first.mark())) {
      // Only what fails while W&B answers counts against it.
      client.stream(to, StreamChunk.HEARTBEAT);
    }
    List<RunFile> batch = batch();
    try {
      if (batch.isEmpty()) {
        shipOne(first, client, to);
      } else {
        shipFiles(batch, client, to);
      }
    } catch (WandbFailure failure) {
      failed(first, batch.size() > 1, failure);
    } catch (IOException unreadable) {
      refuse(first, Why.at(unreadable));
    }
  }

  @Override
  public void forget() {
    waiting.clear();
    looked = false;
    try {
      marks.forget();
    } catch (IOException unreadable) {
      refuse("the list of what W&B has", Why.at(unreadable));
    }
  }

  private void look() throws IOException {
    for (Cargo cargo : list.look()) {
      if (!refused.contains(cargo.mark()) && !marks.has(cargo.mark())) {
        waiting.add(cargo);
      }
    }
  }

  private List<RunFile> batch() {
    List<RunFile> batch = new ArrayList<>();
    long bytes = 0;
    for (Cargo cargo : waiting) {
      boolean fits = cargo instanceof RunFile file && bytes + file.size() <= BATCH_BYTES;
      if (!(cargo instanceof RunFile file)
          || batch.size() == BATCH
          || (!fits && !batch.isEmpty())
          || (failed.containsKey(file.mark()) && !batch.isEmpty())) {
        break;
      }
      batch.add(file);
      bytes += file.size();
      if (failed.containsKey(file.mark())) {
        break;
      }
    }
    return batch;
  }

  private void shipFiles(List<RunFile> batch, WandbClient client, RunPath to)
      throws WandbFailure, IOException {
    Map<String, Path> files = new LinkedHashMap<>();
    for (RunFile file : batch) {
      if (Files.isReadable(file.file())) {
        files.put(file.name(), file.file());
      }
    }
    client.uploadFrom(to, files);
    if (!files.isEmpty()) {
      List<String> names = List.copyOf(files.keySet());
      client.stream(to, new StreamChunk(null, null, null, null, names, false, null));
    }
    for (RunFile file : batch) {
      if (files.containsKey(file.name())) {
        marks.add(file.mark(), "");
      }
      waiting.remove(file);
    }
  }

  private void shipOne(Cargo cargo, WandbClient client, RunPath to)
      throws WandbFailure, IOException {
    String id = "";
    if (cargo instanceof Cargo.Version version) {
      id = artifacts.ship(version, client.artifacts(), to);
    } else if (cargo instanceof Cargo.Link link) {
      artifacts.ship(link, client.artifacts(), to);
    } else if (cargo instanceof Cargo.Alert alert) {
      client.alert(to, alert.alert().members());
    }
    marks.add(cargo.mark(), id);
    waiting.remove(cargo);
  }

  /** Which of a batch is to blame is seen when each is tried by itself. */
  private void failed(Cargo first, boolean oneOfSeveral, WandbFailure failure) throws WandbFailure {
    boolean passing =
        switch (failure.kind()) {
          case UNREACHABLE, LIMITED, UNREADABLE -> true;
          default -> false;
        };
    boolean ofRun = failure.kind() == Kind.NOT_FOUND && isOfRun(first);
    if (failure.kind() == Kind.UNAUTHORISED || ofRun) {
      throw failure;
    }
    int times = tries(first);
    if (passing && times < TRIES) {
      throw failure;
    }
    if (!oneOfSeveral) {
      refuse(first, String.valueOf(failure.getMessage()));
    }
  }

  /** Whether W&amp;B may say so of it since somebody has deleted the run; once of an alert. */
  private boolean isOfRun(Cargo cargo) {
    return cargo instanceof RunFile
        || (cargo instanceof Cargo.Alert && failed.putIfAbsent(cargo.mark(), 0) == null);
  }

  /** How often it was tried in vain, this time among them. */
  private int tries(Cargo cargo) {
    int before = failed.getOrDefault(cargo.mark(), 0);
    boolean counts = before == 0 || clock.nanos() - countedAt >= APART;
    if (counts) {
      countedAt = clock.nanos();
      failed.put(cargo.mark(), before + 1);
    }
    return counts ? before + 1 : before;
  }

  private void refuse(Cargo cargo, String why) {
    refused.add(cargo.mark());
    waiting.remove(cargo);
    refuse(cargo.name(), why);
  }

  private void refuse(String what, String why) {
    if (said.add(what) && said.size() <= MOST_SAID) {
      say(what, why);
    }
  }

  /** Finds what there is to ship. */
  @FunctionalInterface
  interface Loads {
    /** All of it, in the order in which it is to be shipped. */
    List<Cargo> look() throws IOException;
  }

  private void say(String what, String why) {
    notices.accept(
        "Run " + runId + ": W&B does not get " + what + ": " + why + ". It is kept beside the run");
  }
}
