package dev.sweeprunner.relay;

import dev.sweeprunner.relay.rows.Book;
import dev.sweeprunner.relay.rows.SideBooks;
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
 * writes, gets a run beside it, {@code CLAIM-2} and so on. The second client takes over that name,
 * since it asked for another's. A client that opens a run whose writer is gone goes on with it. Any
 * thread.
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
  private final Map<Integer, LiveRun> ready = new HashMap<>();
  private final Map<String, LiveRun> looked = new HashMap<>();
  private final SideNames names;
  private int idsGiven;

  /** Makes a run beside the claim's. */
  @FunctionalInterface
  interface Beside {
    /** A run whose name is the claim's and its number after it, {@code -2}. */
    LiveRun open(SideBooks.Known run) throws IOException;
  }

  /**
   * What a client is answered that opens a run.
   *
   * @param name by which this client names it from now on
   * @param id for the client to call the run by; another client has another one
   * @param known what is known of it
   */
  record Opened(LiveRun run, String name, String id, Book.Known known) {}

  /**
   * The runs of a life that begins.
   *
   * @param earlier those beside the claim's that earlier lives have written
   * @param open the connections that are open now
   */
  Runs(LiveRun claim, List<SideBooks.Known> earlier, Beside beside, Supplier<Set<String>> open) {
    this.names = new SideNames(claim.name(), earlier);
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
   * One that goes on with a run beside the claim's is told how that stands. Where another client is
   * writing, any other is told how the run stood when the life began: it gets a run of its own, and
   * the ranks of a program go on from one point.
   *
   * @throws IOException if what earlier lives have kept of it cannot be read
   */
  synchronized @Nullable Opened look(String name, String connection) throws IOException {
    LiveRun run = run(name);
    boolean another = run != null && run.isWrittenByAnother(connection, open.get());
    if (run == null || another) {
      SideBooks.Known beside = names.of(name, run == claim);
      if (names.isOld(beside)) {
        return earlier(beside, name, connection);
      }
    }
    Book.Known known = run == null ? null : another ? atStart : run.book().known();
    if (run == null || known == null || !known.exists()) {
      return null;
    }
    return new Opened(run, called(run, name), newId(), known);
  }

  /** Who asks again before it opens the run gets the same. */
  private @Nullable Opened earlier(SideBooks.Known beside, String name, String connection)
      throws IOException {
    String who = connection + "\n" + name;
    LiveRun before = looked.get(who);
    LiveRun run = before == null || before.described() ? ready(beside) : before;
    Book.Known known = run.book().known();
    if (!known.exists()) {
      return null;
    }
    if (run != before) {
      add(beside, name);
      looked.put(who, run);
    }
    String id = newId();
    if (clients.size() < MOST_IDS) {
      clients.put(id, run);
    }
    return new Opened(run, called(run, name), id, known);
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
    Book.Known now = first ? before : run.book().known();
    return new Opened(run, called(run, told.name()), id, now);
  }

  /**
   * A client that is answered another name than it asked for looks for what it saves in a folder of
   * the one name, and puts it into one of the other: its files would be lost. So an id of the
   * program's own stays what it is, unless it stands for another run.
   */
  private String called(LiveRun run, String name) {
    boolean own = run == asked.get(name) && !name.isBlank() && !names.isOurs(name);
    return own ? name : run.name();
  }

  private LiveRun run(Description told) throws IOException {
    LiveRun run = run(told.name());
    if (run == null) {
      return besides(told.name(), false);
    }
    asked.putIfAbsent(told.name(), run);
    boolean another =
        told.opens() && !told.shared() && run.isWrittenByAnother(told.connection(), open.get());
    return another ? besides(told.name(), run == claim) : run;
  }

  /** The run that this name stands for; null if it stands for none yet. */
  private @Nullable LiveRun run(String name) {
    LiveRun run = named.getOrDefault(name, asked.get(name));
    return run == null && !claim.described() && !names.knows(name) ? claim : run;
  }

  private LiveRun besides(String name, boolean rank) throws IOException {
    return add(names.of(name, rank), name);
  }

  private LiveRun add(SideBooks.Known beside, String name) throws IOException {
    LiveRun run = ready(beside);
    ready.remove(beside.number());
    names.use(beside);
    named.put(run.name(), run);
    asked.putIfAbsent(name, run);
    return run;
  }

  /** One that nobody has opened yet. */
  private LiveRun ready(SideBooks.Known beside) throws IOException {
    LiveRun run = ready.get(beside.number());
    if (run != null) {
      return run;
    }
    if (named.size() >= MOST) {
      throw new TooMany();
    }
    LiveRun opened = this.beside.open(beside);
    ready.put(beside.number(), opened);
    return opened;
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
