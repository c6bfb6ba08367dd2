package dev.sweeprunner.relay;

import dev.sweeprunner.relay.rows.Book;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The runs of one life by the names that its program gives them. The first id that it opens is the
 * claim's run, whatever it is called; each further one, and a second client beside one that still
 * writes, gets a run beside it, {@code CLAIM-2} and so on. Clients take over the name that they are
 * answered. A client that opens a run whose writer is gone goes on with it. Any thread.
 */
final class Runs {
  /** Folds and restarts come to dozens; a loop that opens runs for ever ends here. */
  private static final int MOST = 1000;

  private static final int MOST_IDS = 10_000;

  /** How the ids begin by which clients are told apart. */
  private static final String OURS = "relay-";

  private final LiveRun claim;
  private final Book.Known atStart;
  private final Beside beside;
  private final Supplier<Set<String>> open;
  private final Map<String, LiveRun> asked = new HashMap<>();
  private final Map<String, LiveRun> named = new LinkedHashMap<>();
  private final Map<String, LiveRun> clients = new HashMap<>();
  private int idsGiven;

  /** Makes a run beside the claim's. */
  @FunctionalInterface
  interface Beside {
    /** A run whose name is the claim's and this number after it, {@code -2}. */
    LiveRun open(String number) throws IOException;
  }

  /**
   * What a client is answered that opens a run.
   *
   * @param id for the client to call the run by; another client has another one
   * @param known what is known of it
   */
  record Opened(LiveRun run, String id, Book.Known known) {}

  /**
   * The runs of a life that begins.
   *
   * @param open the connections that are open now
   */
  Runs(LiveRun claim, Beside beside, Supplier<Set<String>> open) {
    this.claim = claim;
    this.atStart = claim.book().known();
    this.beside = beside;
    this.open = open;
    named.put(claim.name(), claim);
  }

  /** The run of a request that names one; null where no client has opened such a run. */
  synchronized @Nullable LiveRun named(String name) {
    return named.getOrDefault(name, asked.get(name));
  }

  /** The run whose name is the claim's and this number after it, which is empty for its own. */
  synchronized @Nullable LiveRun numbered(String number) {
    return named.get(claim.name() + number);
  }

  /** All of them, the claim's first. */
  synchronized Collection<LiveRun> all() {
    return List.copyOf(named.values());
  }

  /**
   * What a client is told that asks whether a run is there before it opens it; null if it is not.
   * Where another client is writing, it is told how the run stood when the life began: it gets a
   * run of its own, and the ranks of a program go on from one point.
   */
  synchronized @Nullable Opened look(String name, String connection) {
    LiveRun run = run(name);
    boolean another = run != null && run.isWrittenByAnother(connection, open.get());
    Book.Known known = run == null ? null : another ? atStart : run.book().known();
    if (run == null || known == null || !known.exists()) {
      return null;
    }
    return new Opened(run, newId(), known);
  }

  /**
   * A client opens a run or tells more of it.
   *
   * @throws IOException if it cannot be written down
   * @throws TooMany if it would be one run too many
   */
  synchronized Opened open(Description told) throws IOException {
    LiveRun known = clients.get(told.id());
    LiveRun run = known != null ? known : run(told);
    boolean first = !run.described();
    String id = told.id().startsWith(OURS) ? told.id() : newId();
    Book.Known before = run.book().known();
    run.describe(told.variables());
    run.heardOn(told.connection());
    if (clients.size() < MOST_IDS) {
      clients.put(id, run);
    }
    return new Opened(run, id, first ? before : run.book().known());
  }

  private LiveRun run(Description told) throws IOException {
    LiveRun run = run(told.name());
    if (run == null) {
      return besides(told.name());
    }
    asked.putIfAbsent(told.name(), run);
    boolean another =
        told.opens() && !told.shared() && run.isWrittenByAnother(told.connection(), open.get());
    return another ? besides(told.name()) : run;
  }

  /** The run that this name stands for; null if it stands for none yet. */
  private @Nullable LiveRun run(String name) {
    LiveRun run = named.getOrDefault(name, asked.get(name));
    return run == null && !claim.described() ? claim : run;
  }

  private LiveRun besides(String name) throws IOException {
    if (named.size() >= MOST) {
      throw new TooMany();
    }
    LiveRun run = beside.open("-" + (named.size() + 1));
    named.put(run.name(), run);
    asked.putIfAbsent(name, run);
    return run;
  }

  private String newId() {
    return OURS + ++idsGiven;
  }

  /**
   * What a client says of a run.
   *
   * @param id by which the relay has told it to call the run, or empty
   * @param opens whether it opens the run, as far as its words tell
   * @param shared whether it writes it together with others
   */
  record Description(
      String name,
      String id,
      boolean opens,
      boolean shared,
      String connection,
      Map<String, @Nullable Object> variables) {}

  /** One life has opened too many runs. */
  static final class TooMany extends IOException {
    private static final long serialVersionUID = 1L;

    TooMany() {
      super("Its program has opened " + MOST + " runs in one life, and more are not kept.");
    }
  }
}
