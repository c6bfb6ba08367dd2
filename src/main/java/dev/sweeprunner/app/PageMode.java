package dev.sweeprunner.app;

import dev.sweeprunner.cli.HumanFormat;
import dev.sweeprunner.cli.LookPorts;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.host.Signals;
import dev.sweeprunner.host.Version;
import dev.sweeprunner.journal.MetaStarts;
import dev.sweeprunner.journal.StoredRows;
import dev.sweeprunner.options.Invocation;
import dev.sweeprunner.options.Option;
import dev.sweeprunner.page.Export;
import dev.sweeprunner.page.Page;
import dev.sweeprunner.page.PageServer;
import dev.sweeprunner.page.Subject;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Registry;
import dev.sweeprunner.run.judge.ExitCode;
import dev.sweeprunner.run.judge.Observer;
import dev.sweeprunner.run.judge.Survey;
import dev.sweeprunner.sweep.Followed;
import dev.sweeprunner.wandb.Wandb;
import jakarta.servlet.Servlet;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The page: the command {@code serve}, and what a worker shows on its port. No Spring. */
final class PageMode {
  private static final String LOOPBACK = "127.0.0.1";
  private static final String TOKEN = "SWEEP_RUNNER_TOKEN";
  private static final int SHORTEST_TOKEN = 16;
  private static final int LONGEST_TOKEN = 1000;
  private static final Duration LONG = Duration.ofHours(1);

  private final Invocation invocation;
  private final ObjectGraph graph;
  private final Signals signals;
  private final Console console;

  PageMode(Invocation invocation, ObjectGraph graph, Signals signals, Console console) {
    this.invocation = invocation;
    this.graph = graph;
    this.signals = signals;
    this.console = console;
  }

  /** The command {@code serve}: until a stop is requested, or the file is written. */
  ExitCode run(Sweeps read) {
    Wandb wandb = graph.wandb(invocation, signals, console);
    List<Path> files = read.all().stream().map(Sweeps.Loaded::file).toList();
    Followed<Sweeps.Loaded> followed = read.followed(files, () -> files, none -> read, signals);
    Subjects subjects =
        new Subjects(
            () -> new Sweeps(followed.newest()),
            (sweeps, points) -> graph.ports(sweeps.training(), wandb.reading(points)),
            () -> List.copyOf(followed.complaints()));
    return invocation.has(Option.EXPORT) ? export(subjects) : serve(subjects);
  }

  /** Makes the page of a worker, once it is asked for. */
  Supplier<Servlet> beside(Supplier<Sweeps> newest) {
    return () -> {
      Wandb wandb = graph.wandb(invocation, signals, console);
      return page(new Subjects(
              newest, (sweeps, points) -> portsBeside(sweeps, wandb.reading(points)), List::of))
          .servlet();
    };
  }

  /** Unlike a command that only looks, this process may hold a run. */
  private LookPorts portsBeside(Sweeps sweeps, Registry registry) {
    LookPorts idle = graph.ports(sweeps.training(), registry);
    Claims claims = graph.claims(graph.owner("page", null), time -> {}, false);
    Observer observer =
        graph.observer(
            claims,
            sweeps.training(),
            registry,
            graph.slurm(Runnable::run, ObjectGraph.LOOK_WAITS_FOR_SLURM).scheduler(),
            true);
    return new LookPorts(
        claims,
        observer,
        new Survey(observer, graph.journalToRead()),
        idle.workers(),
        idle.clock(),
        idle.expiry(),
        idle.home(),
        idle.root());
  }

  private Page page(Subjects subjects) {
    Set<String> names = Set.of(graph.self().host(), address());
    return new Page(subjects, new Page.Site(Version.text(), names, token(), graph.clock()));
  }

  private ExitCode serve(Subjects subjects) {
    String address = address();
    if (token() == null && !loopback(address)) {
      throw new UserError(
          Option.ADDRESS.dashed() + " " + address,
          "there the page could be read by whoever reaches this host",
          "Name a file with a token by --token-file, or leave --address away and open a tunnel:"
              + " ssh -L 8080:127.0.0.1:PORT "
              + graph.self().host());
    }
    int port = invocation.text(Option.PORT).map(Integer::parseInt).orElse(0);
    Path folder = Path.of(graph.environment().property("java.io.tmpdir", "/tmp"));
    try (PageServer server = PageServer.start(page(subjects), address, port, folder)) {
      tell(address, server.port());
      while (!signals.requested()) {
        signals.pause(LONG);
      }
    }
    return ExitCode.DONE;
  }

  private void tell(String address, int port) {
    String secret = token() == null ? "" : "?token=...";
    boolean all = address.equals("0.0.0.0") || address.equals("::");
    String name = all ? graph.self().host() : address;
    String host = name.indexOf(':') < 0 ? name : "[" + name + "]";
    console.screen().out().println("Page: http://" + host + ":" + port + "/" + secret);
    if (loopback(address)) {
      console
          .screen()
          .out()
          .printf(
              Locale.ROOT,
              "From elsewhere: ssh -L %1$d:%2$s:%1$d %3$s, then http://localhost:%1$d/%4$s%n",
              port,
              host,
              graph.self().host(),
              secret);
    }
    console.screen().out().flush();
  }

  private ExitCode export(Subjects subjects) {
    String given = invocation.text(Option.EXPORT).orElseThrow();
    Path file = graph.environment().workingDirectory().resolve(graph.environment().path(given));
    try {
      Export.Written written = page(subjects).export().write(file, graph.files(), signals);
      console.screen().out().println(file + ": " + HumanFormat.bytes(written.bytes()));
      if (!written.thinned().isEmpty()) {
        console.screen().out().println(written.thinned());
      }
      console.screen().out().flush();
      return ExitCode.DONE;
    } catch (IOException e) {
      if (signals.requested()) {
        return ExitCode.STOPPED;
      }
      throw new UserError(
          Option.EXPORT.dashed() + " " + given,
          "the file cannot be written: " + Why.at(e),
          "Name one in a folder that is there and takes it",
          e);
    }
  }

  private String address() {
    return invocation.text(Option.ADDRESS).orElse(LOOPBACK);
  }

  private static boolean loopback(String address) {
    try {
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new UserError(
          Option.ADDRESS.dashed() + " " + address,
          "no address of this name is known",
          "Name one of this host's, or 0.0.0.0 for all",
          e);
    }
  }

  /** The token that is to be shown; null where none is given. */
  private @Nullable String token() {
    String place = invocation.text(Option.TOKEN_FILE).orElse("");
    if (place.isEmpty()) {
      return graph
          .environment()
          .variable(TOKEN)
          .map(token -> checked("$" + TOKEN, token))
          .orElse(null);
    }
    try {
      byte[] content = graph.files().readStart(graph.environment().path(place), LONGEST_TOKEN + 1);
      return checked(
          Option.TOKEN_FILE.dashed() + " " + place, new String(content, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UserError(
          Option.TOKEN_FILE.dashed() + " " + place,
          "it cannot be read: " + Why.of(e),
          "Make one by: (umask 077; openssl rand -hex 16 > FILE)",
          e);
    }
  }

  private static String checked(String place, String token) {
    String bare = token.strip();
    if (bare.length() < SHORTEST_TOKEN || bare.length() > LONGEST_TOKEN || bare.contains("\n")) {
      throw new UserError(
          place,
          "a token is one line of " + SHORTEST_TOKEN + " to " + LONGEST_TOKEN + " characters",
          "Make one by: (umask 077; openssl rand -hex 16 > FILE)");
    }
    return bare;
  }

  /** What each look is about: the sweeps as their files say then. */
  private final class Subjects implements Supplier<Subject> {
    private final Supplier<Sweeps> newest;
    private final BiFunction<Sweeps, List<Points>, LookPorts> ports;
    private final Supplier<List<String>> notes;
    private @Nullable Sweeps sweeps;
    private @Nullable Subject subject;

    Subjects(
        Supplier<Sweeps> newest,
        BiFunction<Sweeps, List<Points>, LookPorts> ports,
        Supplier<List<String>> notes) {
      this.newest = newest;
      this.ports = ports;
      this.notes = notes;
    }

    @Override
    public Subject get() {
      Sweeps now = newest.get();
      Subject known = subject;
      if (known == null || !now.equals(sweeps)) {
        LookPorts looking = ports.apply(now, Console.points(now));
        List<Points> points = Console.points(now.awarded(looking.claims(), graph.journalToRead()));
        known =
            new Subject(
                points,
                looking,
                LookMode.roll(graph, looking),
                new StoredRows(graph.layout(), looking.claims()),
                new MetaStarts(graph.files(), graph.layout()),
                List.of());
        sweeps = now;
        subject = known;
      }
      return known.noting(notes.get());
    }
  }
}
