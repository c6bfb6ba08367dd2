package dev.sweeprunner.wandb.check;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Pause;
import dev.sweeprunner.run.ServerCheck;
import dev.sweeprunner.run.ServerCheck.Finding;
import dev.sweeprunner.run.ServerCheck.Verdict;
import dev.sweeprunner.run.StopSignal;
import dev.sweeprunner.wandb.api.Patience;
import dev.sweeprunner.wandb.api.Viewer;
import dev.sweeprunner.wandb.api.WandbClient;
import dev.sweeprunner.wandb.api.WandbFailure;
import dev.sweeprunner.wandb.check.Behaviour.Seen;
import dev.sweeprunner.wandb.check.Scratch.Halted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether a live server does what this program rests on, with runs of its own in a scratch
 * project. The runs stay there; nothing else is touched. Killed anywhere, it leaves runs that the
 * server calls crashed some minutes later. Takes minutes where answers lag; one thread.
 */
public final class Check implements ServerCheck {
  /** The project of the scratch runs. */
  static final String PROJECT = "sweep-runner-check";

  private static final String WHERE = "wandb-check";
  private static final String AGAIN = "Run wandb-check again when W&B answers";

  private final WandbClient client;
  private final @Nullable String entity;
  private final String seed;
  private final Clock clock;
  private final Pause pause;
  private final StopSignal stop;
  private final List<Finding> findings = new ArrayList<>();
  private @Nullable String over;
  private @Nullable String missed;

  /**
   * A check; nothing is asked yet.
   *
   * @param entity who shall own the scratch runs, or null for the key's own default
   * @param seed of the run ids: letters, digits and hyphens that no other check had or will have
   * @param pause waits between two looks
   * @param stop ends the check
   */
  public Check(
      WandbClient client,
      @Nullable String entity,
      String seed,
      Clock clock,
      Pause pause,
      StopSignal stop) {
    this.client = client.with(Patience.brief());
    this.entity = entity;
    this.seed = seed;
    this.clock = clock;
    this.pause = pause;
    this.stop = stop;
  }

  @Override
  public String project() {
    return PROJECT;
  }

  @Override
  public void check(Consumer<Finding> heard) {
    run(heard);
  }

  /**
   * Looks at everything, once. A look that fails does not hinder the others; when nobody answers
   * any more the others are not tried.
   *
   * @param heard told each result as soon as it is known
   * @throws UserError before anything is seen, if the key, the entity or the server is not right;
   *     after everything was told, if the server fell silent, the check was stopped, or nothing
   *     differed but something could not be seen that a program can see
   */
  List<Finding> run(Consumer<Finding> heard) {
    Scratch scratch = begun(heard);
    List<Behaviour> behaviours = new ArrayList<>(new ClaimBehaviours(scratch).all());
    behaviours.addAll(new LineBehaviours(scratch).all());
    behaviours.addAll(new ProgramBehaviours(scratch).all());
    behaviours.addAll(new ArtifactBehaviours(scratch).all());
    behaviours.addAll(new LifeBehaviours(scratch).all());
    for (Behaviour behaviour : behaviours) {
      tell(behaviour, heard);
    }
    byHand(heard);
    end(scratch);
    complain();
    return List.copyOf(findings);
  }

  /** The key, the entity, and the right to make a run there. */
  private Scratch begun(Consumer<Finding> heard) {
    long start = clock.nanos();
    try {
      Viewer viewer = client.viewer();
      String owner = entity == null ? viewer.entity() : entity;
      if (owner == null) {
        throw new UserError(
            WHERE, "the W&B key has no entity of its own", "Name one with --entity");
      }
      Scratch scratch =
          new Scratch(client, new Scratch.Site(owner, PROJECT, seed), clock, pause, stop);
      ScratchRun first = scratch.run("first");
      first.write(null);
      String seen = viewer.username() + " may write to " + owner + "/" + PROJECT;
      add(new Finding("the key is known and may make runs", seen, Verdict.OK, since(start)), heard);
      return scratch;
    } catch (WandbFailure failure) {
      throw error(failure);
    }
  }

  private void tell(Behaviour behaviour, Consumer<Finding> heard) {
    long start = clock.nanos();
    Seen seen = over == null ? seen(behaviour) : Seen.not(over);
    missed = seen.verdict() == Verdict.UNSEEN ? seen.what() : missed;
    add(new Finding(behaviour.relied(), seen.what(), seen.verdict(), since(start)), heard);
  }

  private Seen seen(Behaviour behaviour) {
    try {
      return behaviour.look().look();
    } catch (Halted halted) {
      over = halted.getMessage();
      return Seen.not(String.valueOf(over));
    } catch (WandbFailure failure) {
      String words = String.valueOf(failure.getMessage());
      return switch (failure.kind()) {
        case UNREACHABLE -> {
          over = words;
          yield Seen.not(words);
        }
        case LIMITED, UNAUTHORISED, FORBIDDEN -> Seen.not(words);
        default -> Seen.of(false, words);
      };
    }
  }

  private void end(Scratch scratch) {
    if (over != null) {
      return;
    }
    try {
      scratch.close();
    } catch (WandbFailure failure) {
      over = "its runs could not be ended: " + failure.getMessage();
    }
  }

  /** What no program can look at by itself. */
  private void byHand(Consumer<Finding> heard) {
    byHand(
        "the Stop button is told in the answer to a post",
        "by hand: start a run, press Stop on its page; status must call it held a minute later",
        heard);
    byHand(
        "a silent run is crashed after about five minutes",
        "by hand: start a run, kill -9 the worker, look at its page after five minutes",
        heard);
    byHand(
        "a limited request gets status 429, with Retry-After or RateLimit headers if any",
        "by hand: only a limited request shows it; workers that are limited say so",
        heard);
  }

  private void byHand(String relied, String how, Consumer<Finding> heard) {
    add(new Finding(relied, how, Verdict.UNSEEN, Duration.ZERO), heard);
  }

  private void complain() {
    boolean different = findings.stream().anyMatch(probe -> probe.verdict() == Verdict.DIFFERENT);
    if (over != null) {
      throw new UserError(WHERE, over, AGAIN);
    }
    if (missed != null && !different) {
      throw new UserError(WHERE, "not everything was seen: " + missed, AGAIN);
    }
  }

  private void add(Finding probe, Consumer<Finding> heard) {
    findings.add(probe);
    heard.accept(probe);
  }

  private Duration since(long start) {
    return Duration.ofNanos(clock.nanos() - start);
  }

  /** A failure's sentence is fact and, behind a semicolon, the way out. */
  private static UserError error(WandbFailure failure) {
    String words = String.valueOf(failure.getMessage());
    int cut = words.lastIndexOf("; ");
    String what = cut < 0 ? words : words.substring(0, cut);
    String way = cut < 0 ? AGAIN : words.substring(cut + 2);
    String start = way.substring(0, 1).toUpperCase(Locale.ROOT);
    return new UserError(WHERE, what, start + way.substring(1), failure);
  }
}
