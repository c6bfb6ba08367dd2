package dev.sweeprunner.relay;

import dev.sweeprunner.layout.SideRuns;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.relay.files.ProgramFiles;
import dev.sweeprunner.relay.rows.ClaimBook;
import dev.sweeprunner.relay.rows.SideBooks;
import dev.sweeprunner.run.Relay;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.TrackedRun;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * One start of a program: its token, its runs, its bounds. Any thread. Once {@link #close} has
 * returned nothing more is taken: what has not been taken whole by then never is.
 */
final class LoopbackLife implements Relay.Life {
  private static final int REQUESTS_PER_SECOND = 500;
  private static final int REQUESTS_AT_ONCE = 1000;
  private static final int WAITING_REQUESTS = 24;

  /** Bytes of a body of which each thread may hold one. */
  private static final int SMALL = 1 << 18;

  private final int number;
  private final Relay.Opening opening;
  private final RelayPorts ports;
  private final Server server;
  private final Lives lives;
  private final String token;
  private final ClaimBook book;
  private final SideBooks sides;
  private final LiveRun claim;
  private final Runs runs;
  private final FileOwners owners;
  private final Answers answers;
  private final Once once;
  private final Alerts alerts;
  private final Pace pace;
  private final Semaphore large = new Semaphore(1);
  private final ReentrantReadWriteLock taking = new ReentrantReadWriteLock();
  private final LongAdder rows = new LongAdder();
  private volatile boolean open = true;

  /**
   * A life that begins.
   *
   * @param number another one for each life
   * @param lives forgets this one once nothing more is taken
   * @throws IOException if what is kept of the run cannot be read or written
   */
  LoopbackLife(int number, Relay.Opening opening, RelayPorts ports, Server server, Lives lives)
      throws IOException {
    this.number = number;
    this.lives = lives;
    this.opening = opening;
    this.ports = ports;
    this.server = server;
    this.token = ports.chance().get();
    this.once = new Once(opening.log(), opening.notes());
    this.alerts = new Alerts(new Once(opening.log(), opening.notes())::say);
    this.pace = new Pace(ports.clock(), REQUESTS_PER_SECOND, REQUESTS_AT_ONCE, WAITING_REQUESTS);
    this.answers = new Answers(opening.names());
    this.book = ports.books().ofClaim(opening);
    this.claim = new LiveRun(runId(), "", book, store("", tracked()));
    this.sides = ports.books().beside(opening);
    this.runs = new Runs(claim, sides.earlier(), this::beside, server::connections);
    this.owners = new FileOwners(runs, claim);
  }

  int number() {
    return number;
  }

  String token() {
    return token;
  }

  Relay.Opening opening() {
    return opening;
  }

  Runs runs() {
    return runs;
  }

  FileOwners owners() {
    return owners;
  }

  Answers answers() {
    return answers;
  }

  Alerts alerts() {
    return alerts;
  }

  Pace pace() {
    return pace;
  }

  /** Where the files of this life's runs are kept. */
  Path tracked() {
    return ports.layout().tracked(opening.run().claim().key(), opening.run().claim().epoch());
  }

  /** Where a run is, for whoever follows its client's link. */
  String whereItIs(LiveRun run) {
    boolean own = run == claim;
    return "The run "
        + run.name()
        + (own ? "" : ", beside the run " + claim.name())
        + " is kept by Sweep Runner, in\n\n    "
        + (own ? ports.layout().run(opening.run().claim().key()) : sideFolder(run.name()))
        + "\n\n"
        + "Its worker passes it on to W&B where it is told to. `sweep-runner status` shows how it"
        + " does.\n";
  }

  /** Does something with a request's body in memory: only one that is large at a time. */
  void holding(Exchange exchange, Doing act) throws IOException {
    if (exchange.isAtMost(SMALL)) {
      act.run();
      return;
    }
    large.acquireUninterruptibly();
    try {
      act.run();
    } finally {
      large.release();
    }
  }

  /** Tells the user and the run's log, unless it has been told. */
  void say(String sentence) {
    if (open) {
      once.say(sentence);
    }
  }

  /** As {@link #say} of what is not answered: the user hears of each once per worker. */
  void refuse(String sentence) {
    if (open) {
      once.say(sentence, lives::firstToRefuse);
    }
  }

  /** Rows that it has taken, of the claim's run and of those beside it. */
  long rowsTaken() {
    return rows.sum();
  }

  void took(long count) {
    rows.add(count);
  }

  /** Whether anything is still taken. */
  boolean isOpen() {
    return open;
  }

  /**
   * Takes something whole, unless the life is over; while it does the life does not end.
   *
   * @throws Body.Revoked if it is
   */
  <T> T take(Taking<T> act) throws IOException {
    taking.readLock().lock();
    try {
      if (!open) {
        throw new Body.Revoked();
      }
      return act.take();
    } finally {
      taking.readLock().unlock();
    }
  }

  @Override
  public Map<String, String> environment() {
    return Map.of(
        "WANDB_BASE_URL", server.address(),
        "WANDB_API_KEY", token,
        "WANDB_MODE", "online",
        "WANDB_X_FILE_STREAM_TRANSMIT_INTERVAL", "1",
        "WANDB_FINISH_TIMEOUT", "30",
        "WANDB_ERROR_REPORTING", "false");
  }

  @Override
  public boolean spoken() {
    return claim.described();
  }

  @Override
  public List<Row> rows() {
    return book.rows();
  }

  @Override
  public List<Row> rest() {
    return book.rest();
  }

  @Override
  public OptionalLong stepAt(double moment) {
    return book.stepAt(moment);
  }

  @Override
  public boolean covers(double moment) {
    boolean others = sides.covers(moment); // each counts from the first time that it is asked
    return book.covers(moment) && others;
  }

  @Override
  public void mark(long step, double moment) {
    try {
      sides.mark(step, moment);
    } catch (IOException refused) {
      say("How far its other runs are could not be written down: " + Why.at(refused));
    }
  }

  @Override
  public void awaitPosts(Duration longest) {
    long until = ports.clock().nanos() + longest.toNanos();
    Map<Posts, Long> begun = new LinkedHashMap<>();
    for (LiveRun run : runs.all()) {
      if (run.isWritten(server.connections())) {
        begun.put(run.posts(), run.posts().begun());
      }
    }
    begun.forEach(
        (posts, newest) ->
            posts.awaitAfter(newest, Duration.ofNanos(until - ports.clock().nanos())));
  }

  @Override
  public TrackedRun tracked(long step) {
    return book.tracked(step);
  }

  @Override
  public boolean complete() {
    return book.complete();
  }

  @Override
  public void close() {
    taking.writeLock().lock();
    try {
      if (!open) {
        return;
      }
      open = false;
    } finally {
      taking.writeLock().unlock();
    }
    lives.remove(this);
    for (LiveRun run : runs.all()) {
      try {
        run.book().close();
      } catch (IOException e) {
        opening.log().accept("what the run " + run.name() + " told last: " + Why.at(e));
      }
    }
  }

  private LiveRun beside(SideBooks.Known run) throws IOException {
    String name = SideRuns.name(runId(), run.number());
    ClaimBook kept = sides.open(run, book.stepAt(Double.MAX_VALUE).orElse(-1));
    say(
        "The program writes more than one run; the others are told of beside its own, as "
            + runId()
            + "-2 and so on.");
    if (run.rank()) {
      say(
          "Another process of the program writes "
              + name
              + ": what it saves as files or media its client does not upload, since it had to be"
              + " renamed; rows and artifacts are kept. Save files from the first.");
    }
    String numbered = name.substring(runId().length());
    return new LiveRun(name, numbered, kept, store(numbered, sideFolder(name)));
  }

  private Path sideFolder(String name) {
    return SideRuns.folder(tracked(), name);
  }

  private ProgramFiles store(String numbered, Path folder) throws IOException {
    String address = server.address() + Uploads.PATH + number + numbered;
    return ports.stores().open(opening, folder, address, this::say);
  }

  private String runId() {
    return opening.run().claim().key().runId();
  }

  /** Something that is done whole or not at all. */
  @FunctionalInterface
  interface Taking<T> {
    /** Does it. */
    T take() throws IOException;
  }

  /** Something that is done. */
  @FunctionalInterface
  interface Doing {
    /** Does it. */
    void run() throws IOException;
  }
}
