package dev.sweeprunner.claim;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.Claim;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Failure;
import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Processes;
import dev.sweeprunner.run.RecordType;
import dev.sweeprunner.run.ReleaseReason;
import dev.sweeprunner.run.Trace;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * A worker process over the real claim code: looks, claims what it may or believes to be free, and
 * does with it whatever the explorer decides. A mutant overrides a part.
 */
@NullMarked
class SimWorker implements SimLife.Program {
  static final RunKey RUN = Workers.RUN;
  static final Layout LAYOUT = new Layout(Path.of("/s"));
  private static final int TRIES = 2;

  /** The one judgement that is not free: see {@link Explorer}. */
  static final String UNKNOWN_OWNER = "the death of who left a slot empty";

  private static final String OWNER = "the owner's death";

  /** What is watched where a record says nothing begins with its hash. */
  private static final Pattern SAYS_NOTHING = Pattern.compile("[0-9a-f]{64}");

  final String incarnation;
  final SimRules rules;

  /** One run of the program; made anew each time it is run again. */
  final class Process {
    final SimFs.Server server;
    final FileSystem files;
    final ClaimSite site;
    final DirectoryClaims claims;
    final SettableClock clock = new SettableClock();
    @Nullable HeldClaim held;
    private int tokens;
    private int between = rules.between;

    Process(SimFs.Server server) {
      this.server = server;
      this.files = port(new SimFs(incarnation, this::call), this);
      ClaimPorts around =
          new ClaimPorts(
              clock, time -> {}, owner -> Processes.Verdict.UNKNOWN, Trace.OFF, Judgement::new);
      this.site =
          new ClaimSite(
              LAYOUT, files, owner(), settings(), around, () -> incarnation + "-" + tokens++);
      this.claims = new DirectoryClaims(site, claim -> held = claim);
    }

    /** The beat thread of an owner may come in the middle of an append. */
    private SimReply call(SimCall call) {
      HeldClaim owner = held;
      boolean append = call.kind() == SimCall.Kind.LINK || call.kind() == SimCall.Kind.SYNC;
      if (append && owner != null && between > 0 && choose("a beat in between", 2) == 1) {
        between--;
        owner.beat();
      }
      return server.call(call);
    }

    int choose(String what, int answers) {
      return (int) server.call(SimCall.choose(what, answers)).number;
    }

    void told(RecordType type, int slot, long iter, boolean won) {
      server.call(SimCall.tell(new SimAnswer(type, incarnation, slot, iter, won)));
    }

    /** What others have watched dead: of a slot and a beat that were seen, anything. */
    private final class Judgement extends AbstractList<Claims.Finding> {
      @Override
      public boolean contains(Object finding) {
        return deems(Process.this, (Claims.Finding) finding);
      }

      @Override
      public Claims.Finding get(int index) {
        throw new IndexOutOfBoundsException(index);
      }

      @Override
      public int size() {
        return 0;
      }
    }
  }

  SimWorker(String incarnation, SimRules rules) {
    this.incarnation = incarnation;
    this.rules = rules;
  }

  ClaimSettings settings() {
    return Workers.SETTINGS;
  }

  private Owner owner() {
    String worker = incarnation.substring(0, 1);
    return new Owner(incarnation, worker, "c", "h", "m", "b", 1, "2", "3", "u", "cpu", null);
  }

  /** Any judgement of an owner at any time: safety must not rest on it. */
  boolean deems(Process process, Claims.Finding watched) {
    if (watched.slot() == 0) {
      return false; // an empty folder is claimed in any case
    }
    String whose = SAYS_NOTHING.matcher(watched.beat()).lookingAt() ? UNKNOWN_OWNER : OWNER;
    return process.choose(whose, 2) == 1;
  }

  /** What the claim code takes for its file system. */
  FileSystem port(FileSystem real, Process process) {
    return real;
  }

  @Override
  public void run(SimFs.Server server) {
    Process process = new Process(server);
    for (int look = 0; look < rules.looks; look++) {
      try {
        look(process);
      } catch (UncheckedIOException | UserError e) {
        // The disk refused: the run is left as it is.
      }
      process.held = null;
    }
  }

  void look(Process process) {
    ClaimState state = process.claims.look(RUN);
    if (!free(state)) {
      if (state instanceof ClaimState.Logged logged && ended(logged.end().type())) {
        process.claims.conclude(RUN);
      }
      return;
    }
    Optional<Claim> claim = claim(process, state);
    int slot = state instanceof ClaimState.Logged logged ? logged.end().slot() + 1 : 1;
    process.told(RecordType.CLAIM, slot, 0, claim.isPresent());
    if (claim.isPresent()) {
      work(process, claim.get());
    }
  }

  Optional<Claim> claim(Process process, ClaimState state) {
    return process.claims.claim(RUN, Workers.SHA, state);
  }

  static boolean ended(RecordType type) {
    return type == RecordType.FINISH || type == RecordType.POISON;
  }

  boolean free(ClaimState state) {
    if (state instanceof ClaimState.Logged logged) {
      boolean over = ended(logged.end().type());
      return !over && (logged.owner() == null || logged.owner().dead());
    }
    return state instanceof ClaimState.Unclaimed || state instanceof ClaimState.Empty;
  }

  private void work(Process process, Claim claim) {
    int published = 0;
    int beats = 0;
    while (true) {
      List<SimRules.Move> moves = new ArrayList<>(rules.moves);
      if (published == rules.publishes) {
        moves.remove(SimRules.Move.PUBLISH);
      }
      if (beats > 0) {
        moves.remove(SimRules.Move.BEAT);
      }
      int at = moves.size() == 1 ? 0 : process.choose("the next move", moves.size());
      switch (moves.get(at)) {
        case PUBLISH -> {
          if (!publish(process, claim, ++published)) {
            return;
          }
        }
        case BEAT -> {
          beats++;
          ((HeldClaim) claim).beat();
          if (claim.superseded()) {
            return;
          }
        }
        default -> {
          last(process, claim, moves.get(at), published);
          return;
        }
      }
    }
  }

  private void last(Process process, Claim claim, SimRules.Move move, int published) {
    switch (move) {
      case FINISH -> finish(process, claim, published);
      case RELEASE -> {
        boolean won = again(process, () -> claim.release(ReleaseReason.PREEMPTED, ""));
        process.told(RecordType.RELEASE, claim.epoch(), 0, won);
      }
      case FAIL, POISON -> {
        boolean won = again(process, () -> claim.fail(new Failure(FailureClass.OOM, "", "h")));
        process.told(RecordType.FAIL, claim.epoch(), 0, won);
        if (won && move == SimRules.Move.POISON) {
          boolean poisoned = again(process, () -> claim.poison("too often"));
          process.told(RecordType.POISON, claim.epoch(), 0, poisoned);
          process.claims.conclude(RUN);
        }
      }
      default -> claim.close();
    }
  }

  private boolean publish(Process process, Claim claim, int number) {
    long iter = 100L * claim.epoch() + number;
    var checkpoint = Workers.checkpoint(iter, claim.epoch());
    boolean won = again(process, () -> claim.publish(checkpoint));
    process.told(RecordType.PUBLISH, claim.epoch(), iter, won);
    return won;
  }

  private void finish(Process process, Claim claim, int published) {
    boolean won = again(process, () -> claim.finish(Workers.finish(published)));
    process.told(RecordType.FINISH, claim.epoch(), 0, won);
    finished(process, won);
  }

  /** What comes after a FINISH that was written or refused. */
  void finished(Process process, boolean won) {
    if (won) {
      process.claims.conclude(RUN);
    }
  }

  private interface Append {
    boolean tried();
  }

  /** A word that the disk refused is said again. */
  private static boolean again(Process process, Append append) {
    for (int tries = 1; ; tries++) {
      try {
        return append.tried();
      } catch (UncheckedIOException e) {
        if (tries == TRIES || process.choose("another try", 2) == 0) {
          throw e;
        }
      }
    }
  }
}
