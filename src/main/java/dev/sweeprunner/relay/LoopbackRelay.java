package dev.sweeprunner.relay;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.relay.files.StorePorts;
import dev.sweeprunner.relay.files.StoredFiles;
import dev.sweeprunner.relay.rows.ClaimBook;
import dev.sweeprunner.relay.rows.KeptSideBooks;
import dev.sweeprunner.relay.rows.RunBook;
import dev.sweeprunner.relay.rows.SideBooks;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Relay;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The relay on a port of its own on loopback, which it opens at the first life and keeps until it
 * is closed: a program that outlives a pause of the server finds it again. Any thread.
 *
 * <p>On SIGKILL of the worker what was answered is in the claim's files; the port is gone, and
 * programs that still run try it for as long as their client does.
 */
public final class LoopbackRelay implements Relay, AutoCloseable {
  private final RelayPorts ports;
  private final Lives lives = new Lives();
  private final AtomicInteger opened = new AtomicInteger();
  private final Server server;

  /**
   * A relay that is not opened yet.
   *
   * @param chance draws 40 lower-case hex digits from a source that nobody can foretell; any thread
   */
  public LoopbackRelay(FileSystem files, Layout layout, Clock clock, Supplier<String> chance) {
    this(
        new RelayPorts(
            layout,
            clock,
            chance,
            new KeptBooks(files, layout, clock),
            (opening, folder, address, said) ->
                StoredFiles.of(
                    folder,
                    earlier(files, layout, opening, folder),
                    new StorePorts(files, address, chance, said))));
  }

  /** Where earlier claims have kept what this one keeps in a folder. */
  private static List<Path> earlier(FileSystem files, Layout layout, Opening opening, Path folder)
      throws IOException {
    RunKey key = opening.run().claim().key();
    int epoch = opening.run().claim().epoch();
    Path below = layout.tracked(key, epoch).relativize(folder);
    return StoredFiles.earlier(files, layout, key, epoch).stream()
        .map(claim -> claim.resolve(below))
        .toList();
  }

  LoopbackRelay(RelayPorts ports) {
    this.ports = ports;
    this.server = new Server(ports.layout().out(), new Door(lives, ports.clock()));
  }

  /** Starts the server beside whatever else is to be done; {@link #open} waits for it. */
  @Override
  public void prepare() {
    Thread starting =
        new Thread(
            () -> {
              try {
                server.start();
              } catch (IOException e) {
                // The first life tries again, and says so.
              }
            },
            "relay-start");
    starting.setDaemon(true);
    starting.start();
  }

  @Override
  public Life open(Opening opening) throws IOException {
    server.start();
    LoopbackLife life = new LoopbackLife(opened.incrementAndGet(), opening, ports, server, lives);
    lives.add(life);
    return life;
  }

  /** How it gets on, or empty as long as no program needed it. */
  public Optional<Standing> standing() {
    return opened.get() == 0
        ? Optional.empty()
        : Optional.of(new Standing(server.listens(), lives.all().size(), lives.rows()));
  }

  /** Ends all lives and the server; whoever still posts finds nobody. */
  @Override
  public void close() {
    lives.all().forEach(LoopbackLife::close);
    server.close();
  }

  /** Opens the books in a claim's files. */
  private record KeptBooks(FileSystem files, Layout layout, Clock clock)
      implements RelayPorts.Books {
    @Override
    public ClaimBook ofClaim(Opening opening) throws IOException {
      return RunBook.open(files, layout, clock, opening);
    }

    @Override
    public SideBooks beside(Opening opening) throws IOException {
      return KeptSideBooks.of(files, layout, clock, opening);
    }
  }
}
